// What of a plane's output a person at the terminal sees: warnings and errors, and whatever it writes to stderr in plain words.
// Everything is in its log file.

import { StringDecoder } from 'node:string_decoder'

const LINE_MAX_CHARS = 500
/** A plane that floods the terminal hides what matters. */
const SHOWN_LINES_PER_WINDOW = 20
const WINDOW_MS = 10_000

/** Levels as pino numbers them. */
const WARN = 40
const ERROR = 50

/** Cuts a stream of bytes into lines; an endless line is cut to the bound, its rest dropped. */
export function lineSplitter(take: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8')
  let open = ''
  return (chunk) => {
    const lines = (open + decoder.write(chunk)).split('\n')
    open = (lines.pop() ?? '').slice(0, LINE_MAX_CHARS)
    for (const line of lines) take(line.trimEnd())
  }
}

/** The line as people should read it, or null if it is for the log file alone. */
export function readable(line: string, source: 'stdout' | 'stderr'): string | null {
  const entry = parseEntry(line)
  if (entry === null) return source === 'stderr' && line !== '' ? line.slice(0, LINE_MAX_CHARS) : null
  const level = Number(entry['level'])
  if (!(level >= WARN)) return null
  const { err, error, msg } = entry as { err?: { message?: unknown }; error?: unknown; msg?: unknown }
  const words = [msg, err?.message ?? error].filter((part) => typeof part === 'string' && part !== '')
  return `${level >= ERROR ? 'error' : 'warning'}: ${[...new Set(words)].join(': ')}`.slice(0, LINE_MAX_CHARS)
}

function parseEntry(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    // A line that begins like JSON and is not is shown like any other words.
    return null
  }
}

/** Passes on at most a number of lines in each window of time, and then says how many it kept back. */
export function limitLines(say: (line: string) => void, logPath: string): (line: string) => void {
  let windowEnds = 0
  let shown = 0
  let hidden = 0
  return (line) => {
    const now = performance.now()
    if (now >= windowEnds) {
      if (hidden > 0) say(`(${hidden} more lines are in ${logPath})`)
      windowEnds = now + WINDOW_MS
      shown = 0
      hidden = 0
    }
    if (shown++ < SHOWN_LINES_PER_WINDOW) say(line)
    else hidden++
  }
}

// A line of a plane as a person at the terminal should read it.

const LINE_CHARS_MAX = 500
/** Levels as pino numbers them. */
const WARN = 40
const ERROR = 50

/** Plain words as they are; of a log in JSON, warnings and errors. Null: not worth a line. */
export function readableLine(line: string): string | null {
  const entry = entryOf(line)
  if (entry === null) return line.slice(0, LINE_CHARS_MAX)
  const { level, msg, err, error } = entry
  if (!(Number(level) >= WARN)) return null
  const reason = (err as { message?: unknown } | undefined)?.message ?? error
  const words = [msg, reason].filter((part) => typeof part === 'string' && part !== '')
  return `${Number(level) >= ERROR ? 'error' : 'warning'}: ${words.join(': ')}`.slice(0, LINE_CHARS_MAX)
}

function entryOf(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    // Words that begin like JSON.
    return null
  }
}

// Loads the configuration and its realms in a process of its own, so that what it finds out costs the one that works nothing.

import { spawn } from 'node:child_process'
import { dirname, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import type { Modules } from './load.ts'
import { PROGRAM } from './runtime-child.ts'

export interface Checked {
  modules: Modules
  /** What is wrong, with its file and line; null if all of it loads. */
  problem: string | null
}

const LOAD_MS_MAX = 30_000
const PROBLEM_CHARS_MAX = 4_000

/** `signal` ends it early; then what it answers means nothing. */
export async function checkLoad(signal: AbortSignal): Promise<Checked> {
  const late = AbortSignal.timeout(LOAD_MS_MAX)
  const child = spawn(process.execPath, [PROGRAM, 'load'], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal: AbortSignal.any([signal, late]),
    killSignal: 'SIGKILL',
  })
  let modules: Modules = {}
  let said = ''
  child.on('message', (message) => ({ modules } = message as { modules: Modules }))
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < PROBLEM_CHARS_MAX) said += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve)
    // Being ended by `signal` is an error too; `close` follows.
    child.on('error', () => {})
  })
  if (code === 0) return { modules, problem: null }
  const tooLong = `The realms do not load within ${LOAD_MS_MAX / 1000} s: does a module wait for something while it is loaded?`
  return { modules, problem: late.aborted ? tooLong : readable(said) }
}

/** Of this package: how it came to load something is of no use to who reads this. */
const OWN = pathToFileURL(dirname(import.meta.dirname)).href
const FRAME = /^\s+at /
const OF_NODE = /\(?node:/

/** Without what is Node's own or ours, and with paths as a person would type them from here. */
function readable(text: string): string {
  // Node begins with the place that threw, up to an empty line; if that is one of its own, the next place is what matters.
  const lines = text.replaceAll(/^node:[^\n]*\n(.+\n)*\n/gm, '').split('\n')
  const lastFrame = lines.findLastIndex((line) => FRAME.test(line))
  return lines
    .slice(0, lastFrame === -1 ? lines.length : lastFrame + 1)
    .filter((line) => !FRAME.test(line) || !(OF_NODE.test(line) || line.includes(OWN) || line.includes('Promise.all')))
    .map((line) => line.replaceAll(/file:\/\/[^\s:)]+/g, (url) => relative(process.cwd(), fileURLToPath(url))))
    .join('\n')
    .trim()
}

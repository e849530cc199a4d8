// Loads the configuration and its realms in a process of its own, so that what it finds out costs the one that works nothing.

import { spawn } from 'node:child_process'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

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

const INTERNAL = /^\s+at .*\(?node:|^Node\.js v/
const FRAME = /^\s+at /

/** Without what is Node's own, and with paths as a person would type them from here. */
function readable(text: string): string {
  const lines = text.split('\n')
  const lastFrame = lines.findLastIndex((line) => FRAME.test(line))
  return lines
    .slice(0, lastFrame + 1 || lines.length)
    .filter((line) => !INTERNAL.test(line))
    .map((line) => line.replace(/file:\/\/[^\s:)]+/g, (url) => relative(process.cwd(), fileURLToPath(url))))
    .join('\n')
    .trim()
}

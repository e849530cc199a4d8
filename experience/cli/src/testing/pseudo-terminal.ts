// A program at a terminal that is none: `script`, which every Unix has, gives it one, and what it prints is read.

import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

import { until } from '@biplane/client/testing'

import { shellWord } from '../terminal/shell-word.ts'

/** Of every Unix. */
const TERMINAL = 'script'
/** Then it is ended, and the test that waits fails. */
const RUN_MS_MAX = 60_000

export interface PseudoTerminal {
  /** Resolves when it has printed this, colours and the moving of the cursor aside. */
  prints(wanted: RegExp): Promise<RegExpExecArray>
  type(keys: string): void
  /** All that it printed, as it came, and its exit code. */
  ended: Promise<{ code: number | null; raw: string; text: string }>
}

export function openTerminal(words: readonly string[], env: NodeJS.ProcessEnv, columns = 90): PseudoTerminal {
  const line = `stty cols ${columns} rows 40; exec ${words.map(shellWord).join(' ')}`
  const options = process.platform === 'linux' ? ['-qefc', line, '/dev/null'] : ['-q', '/dev/null', 'sh', '-c', line]
  // A build machine says `CI`, and Node then shows no colours: no person is at its terminals.
  const { CI: _ci, ...atHome } = env
  const child = spawn(TERMINAL, options, { env: { ...atHome, TERM: 'xterm-256color', SHELL: '/bin/sh' } })
  let raw = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (raw += chunk.toString()))
  const timer = setTimeout(() => child.kill(), RUN_MS_MAX)
  const text = () => stripVTControlCharacters(raw).replaceAll('\r', '')
  const ended = new Promise<{ code: number | null; raw: string; text: string }>((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, raw, text: text() })
    })
  })
  return {
    prints: (wanted) => until(String(wanted), () => wanted.exec(text()) ?? undefined),
    type: (keys) => child.stdin.write(keys),
    ended,
  }
}

// One of the two processes of `biplane dev`, with what it says on the terminal.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { styleText } from 'node:util'

import { readableLine } from './dev-line.ts'

/** Between the request to stop and the kill; longer than a plane gives itself. */
const STOP_MS_MAX = 25_000
const NAME_COLUMN_CHARS = 12

export interface DevPlaneOptions {
  /** `runtime`: stands before each of its lines. */
  name: string
  /** Arguments for this very Node. */
  command: readonly string[]
  env: NodeJS.ProcessEnv
  /** Called whenever it listens: more than once if what it runs is restarted. */
  onListening: (url: string) => void
}

export class DevPlane {
  /** Its exit code. */
  readonly ended: Promise<number>
  readonly #process: ChildProcess

  constructor({ name, command, env, onListening }: DevPlaneOptions) {
    this.#process = spawn(process.execPath, command, {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C would reach everyone at once, and the order of stopping is ours.
      detached: true,
    })
    this.ended = once(this.#process, 'close').then(([code]) => (code as number | null) ?? 1)
    this.#process.on('message', (message) => {
      const { type, url } = message as { type?: unknown; url?: unknown }
      if (type === 'listening' && typeof url === 'string') onListening(url)
    })
    for (const input of [this.#process.stdout, this.#process.stderr]) {
      if (input) createInterface({ input }).on('line', (line) => show(name, line))
    }
  }

  /** Resolves when it has ended. If this process is gone before, the closed channel stops it. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS_MAX)
    await this.ended
    clearTimeout(timer)
  }
}

function show(name: string, line: string): void {
  const words = readableLine(line)
  if (words === null) return
  process.stderr.write(`${styleText('dim', name.padEnd(NAME_COLUMN_CHARS), { stream: process.stderr })}${words}\n`)
}

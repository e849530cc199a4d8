// One run of the runtime under `biplane-runtime dev`: a process of its own, from its start to its end.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { StoppedExecution } from './stopped-executions.ts'

/** This very command, as source or as it is published. */
export const PROGRAM = fileURLToPath(new URL(`./biplane-runtime${extname(import.meta.url)}`, import.meta.url))

/** Between the request to stop and the kill; longer than the runtime gives itself. */
const STOP_MS_MAX = 20_000

export type Exit = [code: number | null, signal: NodeJS.Signals | null]

type Message = { type: 'listening'; url: string } | { type: 'stopped'; executions: StoppedExecution[] }

export class RuntimeChild {
  /** Its address when it listens; null if it ended before. */
  readonly listening: Promise<string | null>
  readonly ended: Promise<Exit>
  readonly #process: ChildProcess

  /** `port` null: what the environment says. */
  constructor(port: string | null, onStopped: (executions: StoppedExecution[]) => void) {
    const { env } = process
    this.#process = spawn(process.execPath, [PROGRAM, 'start', '--report-stopped'], {
      env: { ...env, BIPLANE_LOG: env['BIPLANE_LOG'] ?? 'warn', ...(port === null ? {} : { RUNTIME_PORT: port }) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A group of its own: Ctrl-C would reach it too, and when it stops is for `dev` to say.
      detached: true,
    })
    this.ended = once(this.#process, 'exit') as Promise<Exit>
    const address = new Promise<string>((resolve) => {
      this.#process.on('message', (message: Message) => {
        if (message.type === 'listening') resolve(message.url)
        else onStopped(message.executions)
      })
    })
    this.listening = Promise.race([address, this.ended.then(() => null)])
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS_MAX)
    await this.ended
    clearTimeout(timer)
  }
}

// A terminal with the `biplane` command: each command is a process of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { ROOT } from '../repository.ts'
import { TENANT } from './surface.ts'

const MAIN = join(ROOT, 'experience/cli/src/main.ts')

export interface Terminal {
  /** Where commands are run. */
  readonly folder: string
  /** What a command prints, line by line, until it ends or `left` ends it. @throws Error if it fails */
  lines(words: readonly string[], left?: AbortSignal): AsyncGenerator<string>
  /** Null: there is one for each command. */
  pid(): null
  /** As a power switch would: whatever runs is gone, and nobody types until `start`. */
  kill(): Promise<void>
  start(): Promise<void>
}

/** `url`: of a gateway or a runtime, as `--url` takes it. */
export function openTerminal(url: string, folder: string): Terminal {
  const env = { ...process.env, BIPLANE_URL: url, BIPLANE_TENANT: TENANT, XDG_CACHE_HOME: folder, NO_COLOR: '1' }
  const running = new Set<ChildProcess>()
  let isOn = true

  return {
    folder,
    async *lines(words, left) {
      if (!isOn) throw new Error('The terminal is off.')
      const child = spawn(process.execPath, [MAIN, ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
      const ended = once(child, 'close') as Promise<[number | null]>
      running.add(child)
      left?.addEventListener('abort', () => child.kill())
      let complaints = ''
      child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
      yield* createInterface({ input: child.stdout })
      const [code] = await ended
      running.delete(child)
      if (code !== 0) throw new Error(`biplane ${words.join(' ')} ended with ${code}: ${complaints}`)
    },
    pid: () => null,
    async kill() {
      isOn = false
      const gone = [...running].map((child) => once(child, 'exit'))
      for (const child of running) child.kill('SIGKILL')
      await Promise.all(gone)
    },
    async start() {
      isOn = true
    },
  }
}

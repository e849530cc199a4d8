// One run of a plane: a process of its own, from its start to its end. plane.ts decides whether there is another.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import { ROOT, isListening, type PlaneSpec } from './plane-spec.ts'

const START_MAX_MS = 60_000
const READY_POLL_MS = 50
const READY_ANSWER_MAX_MS = 2000
/** Between the request to stop and the kill. */
const STOP_MAX_MS = 20_000
/** For the last output of a process that has ended. */
const LAST_OUTPUT_MAX_MS = 1000

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Output {
  stdout: (chunk: Buffer) => void
  stderr: (chunk: Buffer) => void
}

export class Child {
  /** Resolves when the process has ended and what it wrote was handed on. */
  readonly ended: Promise<Ended>
  readonly #process: ChildProcess
  readonly #address: Promise<{ url: string }>

  constructor(spec: PlaneSpec, env: NodeJS.ProcessEnv, output: Output) {
    // A group of its own: Ctrl-C goes to everyone in the terminal's foreground group at once, and the order of stopping is ours.
    this.#process = spawn(process.execPath, spec.command, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    this.#process.stdout?.on('data', output.stdout)
    this.#process.stderr?.on('data', output.stderr)
    this.#address = this.#firstAddress()
    this.ended = this.#end(output.stderr)
  }

  /** Its address, once it listens there and `path` answers; or that it has ended before, or takes too long. */
  async ready(path: string): Promise<{ url: string } | 'ended' | 'late'> {
    const gone = this.ended.then(() => 'ended' as const)
    const timeUp = AbortSignal.timeout(START_MAX_MS)
    const late = once(timeUp, 'abort').then(() => 'late' as const)
    const first = await Promise.race([this.#address, gone, late])
    if (first === 'ended' || first === 'late') return first
    while (!timeUp.aborted) {
      if (await answers(first.url + path)) return first
      const pause = new Promise<'again'>((resolve) => setTimeout(resolve, READY_POLL_MS, 'again'))
      if ((await Promise.race([pause, gone])) === 'ended') return 'ended'
    }
    return 'late'
  }

  /** Asks it to stop, and kills it if it does not in time or once `force` aborts. */
  async stop(force: AbortSignal): Promise<void> {
    const kill = () => this.#killGroup()
    this.#process.kill('SIGTERM')
    const timer = setTimeout(kill, STOP_MAX_MS)
    force.addEventListener('abort', kill)
    if (force.aborted) kill()
    await this.ended
    clearTimeout(timer)
    force.removeEventListener('abort', kill)
  }

  #firstAddress(): Promise<{ url: string }> {
    return new Promise((resolve) => {
      this.#process.on('message', (message) => {
        if (isListening(message)) resolve({ url: message.url.replace(/\/$/, '') })
      })
    })
  }

  #end(stderr: Output['stderr']): Promise<Ended> {
    return new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => {
        const done = () => resolve({ code, signal })
        const timer = setTimeout(done, LAST_OUTPUT_MAX_MS)
        this.#process.once('close', () => (clearTimeout(timer), done()))
        // What it has started goes with it, and would keep its output open.
        this.#killGroup()
      })
      this.#process.on('error', (error) => {
        stderr(Buffer.from(`${error.message}\n`))
        if (this.#process.pid === undefined) resolve({ code: null, signal: null })
      })
    })
  }

  #killGroup(): void {
    if (this.#process.pid === undefined) return
    try {
      process.kill(-this.#process.pid, 'SIGKILL')
    } catch (error) {
      // Nobody is left in the group. macOS says EPERM of one that holds only the dead.
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ESRCH' && code !== 'EPERM') throw error
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(READY_ANSWER_MAX_MS) })
    await response.body?.cancel()
    return response.ok
  } catch {
    // Not yet.
    return false
  }
}

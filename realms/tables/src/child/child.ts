// One child process, from the runtime's side.
//
//   idle ──run──▶ busy ──done or failed──▶ idle
//                  │ abort: asked to stop, and killed if it does not
//                  └─ exit ──▶ gone: the job fails with an error that may be tried again
//   idle or gone ──▶ never busy again once `worn`: it did many jobs, or grew
//
// While it is idle it does not keep the runtime's process alive.

import { fork, type ChildProcess } from 'node:child_process'

import { RetryableError } from '@biplane/realm'

import type { Job, JobContext, ResultOf } from '../jobs/job.ts'
import { fromJobError } from './job-error.ts'
import type { FromChild, ToChild } from './message.ts'

const JOBS_MAX = 100
const RSS_BYTES_MAX = 1536 * 1024 * 1024
const HEAP_MB_MAX = 768
/** How long an aborted job may take to stop by itself. */
const ABORT_GRACE_MS = 1_000

interface Pending {
  id: number
  resolve(result: unknown): void
  reject(error: Error): void
  progress: JobContext['progress']
}

export class Child {
  private readonly process: ChildProcess
  private pending: Pending | null = null
  private jobs = 0
  private rssBytes = 0
  private gone = false

  constructor() {
    this.process = fork(new URL('./main.ts', import.meta.url), [], {
      // Nothing of the runtime's environment is the child's business, least of all its secrets.
      env: { TZ: 'UTC' },
      execArgv: [`--max-old-space-size=${HEAP_MB_MAX}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.process.on('message', (message: FromChild) => this.receive(message))
    this.process.on('error', (error) => this.leave(error.message))
    this.process.on('exit', (code, signal) => this.leave(`it ended with ${signal ?? `code ${code}`}`))
    this.rest()
  }

  get isGone(): boolean {
    return this.gone
  }

  /** True if it should be replaced before it does another job. */
  get isWorn(): boolean {
    return this.jobs >= JOBS_MAX || this.rssBytes > RSS_BYTES_MAX
  }

  get pid(): number | undefined {
    return this.process.pid
  }

  async run<J extends Job>(job: J, { signal, progress }: JobContext): Promise<ResultOf<J>> {
    signal.throwIfAborted()
    const id = ++this.jobs
    const stop = (): void => this.stop(id)
    signal.addEventListener('abort', stop, { once: true })
    this.process.ref()
    this.process.channel?.ref()
    try {
      return (await new Promise<unknown>((resolve, reject) => {
        this.pending = { id, resolve, reject, progress }
        this.send({ type: 'job', id, job })
      })) as ResultOf<J>
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
      this.pending = null
      this.rest()
    }
  }

  kill(): void {
    this.process.kill('SIGKILL')
  }

  private stop(id: number): void {
    this.send({ type: 'abort', id })
    setTimeout(() => this.pending?.id === id && this.kill(), ABORT_GRACE_MS).unref()
  }

  private send(message: ToChild): void {
    // A failure to send is followed by the exit of the process, which settles the job.
    if (this.process.connected) this.process.send(message, () => {})
  }

  private receive(message: FromChild): void {
    const { pending } = this
    if (pending === null || message.id !== pending.id) return
    if (message.type === 'progress') return pending.progress(message.progress)
    this.rssBytes = message.rssBytes
    if (message.type === 'done') pending.resolve(message.result)
    else pending.reject(fromJobError(message.error))
  }

  private leave(why: string): void {
    this.gone = true
    this.pending?.reject(new RetryableError('tables.child_ended', `The process that reads tables is gone: ${why}.`))
  }

  private rest(): void {
    this.process.unref()
    this.process.channel?.unref()
  }
}

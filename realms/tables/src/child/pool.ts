// A few children and a queue before them.

import { RetryableError } from '@biplane/realm'

import type { Job, JobContext, ResultOf } from '../jobs/job.ts'
import { Child } from './child.ts'

export interface PoolOptions {
  children: number
  /** Jobs that may wait; one more is refused. */
  queueMax: number
  /** Bound on one job, its wait aside. */
  jobMsMax: number
}

interface Waiting {
  signal: AbortSignal
  begin(child: Child): void
  drop(): void
}

export class Pool {
  private readonly options: PoolOptions
  private children: Child[] = []
  private readonly queue: Waiting[] = []
  private readonly occupied = new Set<Child>()

  constructor(options: PoolOptions) {
    this.options = options
  }

  /** @throws RetryableError tables.busy, tables.child_ended, tables.timeout; whatever the job throws; the signal's reason */
  async run<J extends Job>(job: J, context: JobContext): Promise<ResultOf<J>> {
    const child = await this.take(context.signal)
    const timeout = AbortSignal.timeout(this.options.jobMsMax)
    try {
      return await child.run(job, { ...context, signal: AbortSignal.any([context.signal, timeout]) })
    } catch (error) {
      context.signal.throwIfAborted()
      if (timeout.aborted)
        throw new RetryableError('tables.timeout', `A job on tables took over ${this.options.jobMsMax} ms.`)
      throw error
    } finally {
      this.give(child)
    }
  }

  /** Process ids of the children, for those who watch. */
  get pids(): number[] {
    return this.children.flatMap(({ pid, isGone }) => (isGone || pid === undefined ? [] : [pid]))
  }

  close(): void {
    for (const child of this.children) child.kill()
    this.children = []
  }

  private take(signal: AbortSignal): Promise<Child> {
    signal.throwIfAborted()
    if (this.occupied.size < this.options.children) return Promise.resolve(this.occupy())
    if (this.queue.length >= this.options.queueMax) {
      throw new RetryableError('tables.busy', `${this.queue.length} jobs on tables wait already.`)
    }
    return new Promise((resolve, reject) => {
      const drop = (): void => {
        this.queue.splice(this.queue.indexOf(waiting), 1)
        reject(signal.reason as Error)
      }
      const waiting: Waiting = { signal, begin: resolve, drop }
      this.queue.push(waiting)
      signal.addEventListener('abort', drop, { once: true })
    })
  }

  /** Occupied from here on, and not only when it has its job: others may take one before that. */
  private occupy(): Child {
    const isIdle = (child: Child): boolean => !this.occupied.has(child)
    for (const child of this.children) if (isIdle(child) && child.isWorn) child.kill()
    this.children = this.children.filter((child) => !child.isGone && !(isIdle(child) && child.isWorn))
    const child = this.children.find(isIdle) ?? this.begin()
    this.occupied.add(child)
    return child
  }

  private begin(): Child {
    const child = new Child()
    this.children.push(child)
    return child
  }

  private give(child: Child): void {
    this.occupied.delete(child)
    const next = this.queue.shift()
    if (next === undefined) return
    next.signal.removeEventListener('abort', next.drop)
    next.begin(this.occupy())
  }
}

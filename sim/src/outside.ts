// The world outside of the runtime, which remembers what was done to it: it outlives every process, and is what the checkers
// compare the log with.

import { PauseError, RetryableError, type StepContext, TerminalError, type Undo } from '@biplane/realm'
import type { Clock } from '@biplane/runtime/ports'

import type { Work } from './program.ts'

/** One run of a step's body. */
export interface BodyRun {
  key: string
  attempt: number
  began: Moment
  /** When it was told to stop; null if it was not. */
  aborted: Moment | null
  /** When it ended or was told to; null if its process died before. */
  over: Moment | null
}

/** One run of an undo. */
export interface UndoRun {
  key: string
  outcome: 'done' | 'unknown'
  result: unknown
  began: Moment
  succeeded: boolean
}

/** When something happened: by the clock, and among everything else that happened. */
export interface Moment {
  time_ms: number
  order: number
}

export class Outside {
  readonly bodies: BodyRun[] = []
  readonly undos: UndoRun[] = []
  /** When the handler of an execution was run, or handed what it waited for: also in replays. */
  readonly turns = new Map<string, Moment[]>()
  /** How often each body was run. */
  readonly #runs = new Map<string, number>()
  readonly #now: () => Moment
  readonly #clock: () => Clock

  /** `clock`: the one of the process that lives. */
  constructor(now: () => Moment, clock: () => Clock) {
    this.#now = now
    this.#clock = clock
  }

  handed(execution: string): void {
    const turns = this.turns.get(execution) ?? []
    turns.push(this.#now())
    this.turns.set(execution, turns)
  }

  /** What the body of a step does. Each run makes something new, so that two runs cannot be taken for one. */
  work(work: Work, { key, attempt, signal }: Pick<StepContext, 'key' | 'attempt' | 'signal'>): unknown {
    const run = (this.#runs.get(key) ?? 0) + 1
    this.#runs.set(key, run)
    const body: BodyRun = { key, attempt, began: this.#now(), aborted: null, over: null }
    this.bodies.push(body)
    const made = { made: this.bodies.length }
    const over = () => (body.over ??= this.#now())
    const end = () => {
      over()
      if (run <= work.fails) throw errorOf(work)
      return made
    }
    if (work.takes_ms === null) return end()
    signal.addEventListener('abort', () => (body.aborted = over()), { once: true })
    return this.#passed(work.takes_ms, work.heeds ? signal : null).then(end)
  }

  undo(fails: number, { key, outcome, result }: Pick<Undo<unknown>, 'key' | 'outcome' | 'result'>): unknown {
    const before = this.undos.filter((undo) => undo.key === key).length
    const succeeded = before >= fails
    this.undos.push({ key, outcome, result, began: this.#now(), succeeded })
    if (!succeeded) throw new Error('The undo was to fail.')
    return null
  }

  #passed(ms: number, signal: AbortSignal | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        cancel()
        reject(signal?.reason as Error)
      }
      if (signal?.aborted) return reject(signal.reason as Error)
      const cancel = this.#clock().after(ms, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }
}

function errorOf({ error }: Work): Error {
  const message = 'It was to fail.'
  switch (error) {
    case 'pause':
      return new PauseError('sim.look', message)
    case 'terminal':
      return new TerminalError('sim.refused', message)
    case 'retryable':
      return new RetryableError('sim.busy', message)
    case 'unknown':
      return new Error(message)
  }
}

// Wakes executions when their time has come by the store's clock. Timers are rows: the loop asks for those that are due, and
// sleeps until the next one.

import type { Store, Timer } from '../store/port.ts'
import type { Clock, Log } from './ports.ts'

type Due = Awaited<ReturnType<Store['dueTimers']>>['due'][number]

/** Timers that a look wakes. */
const BATCH = 256
/** The loop looks at least this often, so that a clock that was set forward is noticed. */
const LOOK_AT_LEAST_EVERY_MS = 60_000
const AFTER_ERROR_MS = 1_000

export class Timers {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Log
  readonly #wake: (timer: Due) => Promise<void>
  #cancel: (() => void) | null = null
  #next_ms = Number.POSITIVE_INFINITY
  #looking = false
  /** Due, and not cleared yet. */
  readonly #waking = new Set<string>()
  /** The last look did not see all that is due. */
  #isMore = false
  #stopped = false

  /** `wake` resolves when the timer is cleared, or cannot be now. */
  constructor(parts: { store: Store; clock: Clock; log: Log }, wake: (timer: Due) => Promise<void>) {
    this.#store = parts.store
    this.#clock = parts.clock
    this.#log = parts.log
    this.#wake = wake
  }

  start(): void {
    this.#lookAt(this.#clock.now())
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  /** A timer was set: look no later than when it is due. */
  set(due_ms: Timer['due_ms']): void {
    if (due_ms < this.#next_ms) this.#lookAt(due_ms)
  }

  #lookAt(time_ms: number): void {
    if (this.#stopped) return
    this.#next_ms = time_ms
    if (this.#looking) return
    this.#cancel?.()
    if (this.#clock.steady && time_ms === Number.POSITIVE_INFINITY) return
    const most_ms = this.#clock.steady ? Number.POSITIVE_INFINITY : LOOK_AT_LEAST_EVERY_MS
    const wait_ms = Math.min(Math.max(0, time_ms - this.#clock.now()), most_ms)
    this.#cancel = this.#clock.after(wait_ms, () => void this.#look())
  }

  async #look(): Promise<void> {
    this.#looking = true
    this.#next_ms = Number.POSITIVE_INFINITY
    let next_ms: number
    try {
      const limit = BATCH + this.#waking.size
      const { due, next_ms: later } = await this.#store.dueTimers(limit)
      const fresh = due.filter((timer) => !this.#waking.has(nameOf(timer)))
      for (const timer of fresh) this.#begin(timer)
      this.#isMore = due.length === limit
      next_ms = later ?? Number.POSITIVE_INFINITY
    } catch (error) {
      if (!this.#stopped) this.#log.error({ error: String(error) }, 'timers could not be read; trying again')
      next_ms = this.#clock.now() + AFTER_ERROR_MS
    }
    this.#looking = false
    this.#lookAt(Math.min(next_ms, this.#next_ms))
  }

  /** An execution that takes its time, because it is being undone or waits for its turn, holds up no other. */
  #begin(timer: Due): void {
    const name = nameOf(timer)
    this.#waking.add(name)
    const ended = (next_ms: number) => {
      this.#waking.delete(name)
      if (next_ms < this.#next_ms) this.#lookAt(next_ms)
    }
    this.#wake(timer).then(
      () => ended(this.#isMore ? this.#clock.now() : Number.POSITIVE_INFINITY),
      (error: unknown) => {
        if (!this.#stopped) this.#log.error({ error: String(error) }, 'a timer could not be cleared; trying again')
        ended(this.#clock.now() + AFTER_ERROR_MS)
      },
    )
  }
}

const nameOf = ({ execution_id, ordinal }: Due): string => `${execution_id} ${ordinal}`

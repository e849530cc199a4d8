// Wakes executions when their time has come by the store's clock. Timers are rows: the loop asks for those that are due, and
// sleeps until the next one.

import type { Store, Timer } from '../store/port.ts'
import type { Clock, Log } from './ports.ts'

type Due = Awaited<ReturnType<Store['dueTimers']>>['due'][number]

/** Timers that are woken at a time. */
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
      const { due, next_ms: later } = await this.#store.dueTimers(BATCH)
      await Promise.all(due.map(this.#wake))
      next_ms = due.length === BATCH ? this.#clock.now() : (later ?? Number.POSITIVE_INFINITY)
    } catch (error) {
      if (!this.#stopped) this.#log.error({ error: String(error) }, 'timers could not be read; trying again')
      next_ms = this.#clock.now() + AFTER_ERROR_MS
    }
    this.#looking = false
    this.#lookAt(Math.min(next_ms, this.#next_ms))
  }
}

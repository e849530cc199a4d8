// Moves virtual time, for all that wait at once: only when nothing goes on, only to the next moment at which something is due, and
// only while somebody waits who has not got what he waits for.

import type { Life } from './life.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** How far one wait may take the clock. */
const VIRTUAL_TIME_MS_MAX = 20 * 365 * 24 * 3_600_000

export interface Wait<T> {
  /** What is waited for, or null if it is not there yet. What it throws ends the wait. */
  look(life: Life): Promise<T | null>
  /** Why it cannot come, when nothing is due any more. */
  why(): Promise<string>
}

interface Waiting {
  wait: Wait<unknown>
  until_ms: number
  resolve(value: unknown): void
  reject(error: unknown): void
}

export class Driver {
  readonly #clock: VirtualClock
  readonly #living: () => Promise<Life>
  readonly #patienceMs: number
  readonly #waiting = new Set<Waiting>()
  #driving = false

  /** `living`: the process of the moment, when it has started. */
  constructor(clock: VirtualClock, living: () => Promise<Life>, patienceMs: number) {
    this.#clock = clock
    this.#living = living
    this.#patienceMs = patienceMs
  }

  for<T>(wait: Wait<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const until_ms = this.#clock.now() + VIRTUAL_TIME_MS_MAX
    this.#waiting.add({ wait, until_ms, resolve, reject })
    void this.#drive()
    return promise
  }

  /** Resolves when all is done that can be done without time. */
  async still(): Promise<Life> {
    for (;;) {
      const life = await this.#living()
      await life.pulse.still()
      if (!life.isDead) return life
    }
  }

  async #drive(): Promise<void> {
    if (this.#driving) return
    this.#driving = true
    try {
      while (this.#waiting.size > 0) {
        const life = await this.still()
        // Whoever has got what he waits for does something next, and time stands still for it.
        if (await this.#settle(life)) continue
        if (life.isDead) continue
        if (life.pulse.hasFreshBodies) await life.pulse.waitForFreshBodies(this.#patienceMs)
        else if (this.#clock.advanceToNext()) continue
        else if (life.pulse.hasBodies) await life.pulse.waitForBodies()
        else await this.#giveUp()
      }
    } catch (error) {
      for (const { reject } of this.#waiting) reject(error)
      this.#waiting.clear()
    } finally {
      this.#driving = false
    }
  }

  /** Looks for everyone. True if somebody's wait is over. */
  async #settle(life: Life): Promise<boolean> {
    let over = false
    for (const waiting of this.#waiting) {
      const { wait, until_ms, resolve, reject } = waiting
      try {
        const found = await wait.look(life)
        if (found !== null) resolve(found)
        else if (this.#clock.now() > until_ms)
          reject(new Error(`It is still not there after 20 years: ${await wait.why()}`))
        else continue
      } catch (error) {
        reject(error)
      }
      this.#waiting.delete(waiting)
      over = true
    }
    return over
  }

  async #giveUp(): Promise<void> {
    for (const waiting of this.#waiting) {
      this.#waiting.delete(waiting)
      waiting.reject(new Error(await waiting.wait.why()))
    }
  }
}

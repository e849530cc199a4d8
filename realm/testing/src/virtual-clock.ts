// A clock that stands still until somebody moves it. What is due at one moment runs in the order in which it was set, so that the
// same calls make the same run.

import type { Clock } from '@biplane/runtime/ports'

/** A process's view of the clock: what it set is forgotten when it dies, and what it sets afterwards is never heard of. */
export interface MortalClock extends Clock {
  die(): void
}

interface Timer {
  due_ms: number
  task: () => void
}

export class VirtualClock implements Clock {
  /** Nobody sets it forward behind the back of those who wait. */
  readonly steady = true
  /** The earliest first. */
  readonly #timers: Timer[] = []
  #now_ms: number

  constructor(now_ms: number) {
    this.#now_ms = now_ms
  }

  now(): number {
    return this.#now_ms
  }

  after(ms: number, task: () => void): () => void {
    // Whole milliseconds, as every clock of a store tells them.
    const timer = { due_ms: this.#now_ms + Math.max(0, Math.ceil(ms)), task }
    this.#timers.splice(this.#placeAfter(timer.due_ms), 0, timer)
    return () => this.#remove(timer)
  }

  /** Timers that have not run. */
  get pending(): number {
    return this.#timers.length
  }

  /** When the earliest timer is due; null if none is set. */
  get next_ms(): number | null {
    return this.#timers[0]?.due_ms ?? null
  }

  /** Goes to the moment of the earliest timer and runs that one. False if none is set. */
  advanceToNext(): boolean {
    const timer = this.#timers.shift()
    if (!timer) return false
    this.#now_ms = Math.max(this.#now_ms, timer.due_ms)
    timer.task()
    return true
  }

  /** Goes to a moment at which nothing is due; a moment in the past changes nothing. @throws Error if it would pass a timer */
  standAt(time_ms: number): void {
    if (this.next_ms !== null && this.next_ms < time_ms) throw new Error('A timer is due before that moment.')
    this.#now_ms = Math.max(this.#now_ms, time_ms)
  }

  /** For one process, as long as it lives. */
  mortal(): MortalClock {
    const set = new Set<() => void>()
    let dead = false
    return {
      steady: true,
      now: () => this.now(),
      after: (ms, task) => {
        if (dead) return () => {}
        const remove = this.after(ms, () => {
          set.delete(remove)
          task()
        })
        set.add(remove)
        return () => {
          set.delete(remove)
          remove()
        }
      },
      die() {
        dead = true
        for (const remove of set) remove()
        set.clear()
      },
    }
  }

  /** The place behind every timer that is due no later. */
  #placeAfter(due_ms: number): number {
    let [low, high] = [0, this.#timers.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#timers[middle] as Timer).due_ms <= due_ms) low = middle + 1
      else high = middle
    }
    return low
  }

  #remove(timer: Timer): void {
    // Those that are due at the same moment stand before its place.
    for (let at = this.#placeAfter(timer.due_ms) - 1; this.#timers[at]?.due_ms === timer.due_ms; at--) {
      if (this.#timers[at] !== timer) continue
      this.#timers.splice(at, 1)
      return
    }
  }
}

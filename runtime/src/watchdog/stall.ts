// How long the event loop has not turned, as seen from another thread that looks at its beats at regular times.
//
//   turning ──no beat for `afterMs`──▶ blocked ──again after twice as long, and so on──▶ blocked ──a beat──▶ turning
//
// Only time that the looking thread was awake for counts. If a machine sleeps, or a process is stopped, neither thread runs and
// none of it is the fault of the code that was running.

export interface Finding {
  kind: 'blocked' | 'over'
  /** How long the loop did not turn, give or take the time between two looks. */
  blocked_ms: number
}

/** Of the time since the look before, no more than so many regular intervals count. */
const INTERVALS_COUNTED_MAX = 2

export class Stall {
  readonly #afterMs: number
  readonly #everyMs: number
  #beats: number
  #looked_ms: number
  #blocked_ms = 0
  #nextAt_ms: number

  /** `afterMs`: from when the loop is said to be blocked. `everyMs`: how often `look` will be called. */
  constructor(afterMs: number, everyMs: number, beats: number, now_ms: number) {
    this.#afterMs = afterMs
    this.#everyMs = everyMs
    this.#beats = beats
    this.#looked_ms = now_ms
    this.#nextAt_ms = afterMs
  }

  /** What there is to be said now, if anything. `now_ms`: of a clock that is never set back. */
  look(beats: number, now_ms: number): Finding | null {
    const awake_ms = Math.min(now_ms - this.#looked_ms, INTERVALS_COUNTED_MAX * this.#everyMs)
    this.#looked_ms = now_ms
    this.#blocked_ms += awake_ms
    return beats === this.#beats ? this.#still() : this.#turned(beats)
  }

  #still(): Finding | null {
    if (this.#blocked_ms < this.#nextAt_ms) return null
    this.#nextAt_ms *= 2
    return { kind: 'blocked', blocked_ms: this.#blocked_ms }
  }

  #turned(beats: number): Finding | null {
    const over: Finding = { kind: 'over', blocked_ms: this.#blocked_ms }
    const wasSaid = this.#nextAt_ms > this.#afterMs
    this.#beats = beats
    this.#blocked_ms = 0
    this.#nextAt_ms = this.#afterMs
    return wasSaid ? over : null
  }
}

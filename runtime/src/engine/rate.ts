// How often executions of a lane begin: at most `times` in any span of `per_ms`. The times of the last beginnings are kept, so the
// bound is exact wherever the span is laid; a bucket that fills steadily would let nearly twice as many into some.

export class Rate {
  readonly #times: number
  readonly #per_ms: number
  /** Of the last beginnings, the oldest first; at most `times`. */
  #begun: number[] = []
  /** Those that are to begin and have not yet said when. */
  #beginning = 0

  constructor({ times, per_ms }: { times: number; per_ms: number }) {
    this.#times = times
    this.#per_ms = per_ms
  }

  /** One more is to begin: `begun` or `abandon` follows. */
  enter(): void {
    this.#beginning++
  }

  abandon(): void {
    this.#beginning--
  }

  begun(at_ms: number): void {
    this.#beginning--
    this.restore(at_ms)
  }

  /** One that began before a restart. */
  restore(at_ms: number): void {
    // A clock that was set back makes a beginning older than the one before.
    const at = this.#begun.findLastIndex((time) => time <= at_ms) + 1
    this.#begun.splice(at, 0, at_ms)
    if (this.#begun.length > this.#times) this.#begun.shift()
  }

  /** When one more may begin; Infinity if that depends on those that are to begin. */
  get room_ms(): number {
    const free = this.#times - this.#beginning
    if (free <= 0) return Number.POSITIVE_INFINITY
    const last = this.#begun.at(-free)
    return this.#begun.length < free || last === undefined ? 0 : last + this.#per_ms
  }

  /** From when on it says nothing that a new one would not. */
  get spent_ms(): number {
    if (this.#beginning > 0) return Number.POSITIVE_INFINITY
    return (this.#begun.at(-1) ?? Number.NEGATIVE_INFINITY) + this.#per_ms
  }

  /** About when the one behind so many others may begin, if each begins as soon as it may: as the one `times` before it, and a span later. */
  turnOf(ahead: number, now_ms: number): number {
    const begun = [...this.#begun, ...Array.from({ length: this.#beginning }, () => now_ms)].slice(-this.#times)
    const rounds = Math.floor(ahead / this.#times)
    const blocking = begun[(ahead % this.#times) - (this.#times - begun.length)] ?? Number.NEGATIVE_INFINITY
    return Math.max(now_ms, blocking + this.#per_ms) + rounds * this.#per_ms
  }
}

// The slot of one execution in its lane: held or not.

export interface SlotOwner {
  /** Calls `taken` when a slot of the lane is held for it. */
  take(lane: string, taken: () => void): void
  /** `taken` is not waited for any more. */
  forget(lane: string, taken: () => void): void
  release(lane: string): void
  begun(lane: string, at_ms: number): void
  /** What was to begin with the slot does not. */
  unbegun(lane: string): void
}

interface SlotState {
  held: boolean
  /** It is held for something that is to begin. */
  beginning: boolean
  /** Beginnings in its lane are counted. */
  isRated: boolean
  /** It is kept to the end of the execution. */
  serial: boolean
}

export class Slot {
  readonly #owner: SlotOwner
  readonly #lane: string
  readonly #serial: boolean
  readonly #isRated: boolean
  #held: boolean
  #beginning: boolean
  /** The wait for it, and what ends that. */
  #waiting: { over: Promise<void>; end: () => void } | null = null
  #skipped = false

  constructor(owner: SlotOwner, lane: string, { held, beginning, isRated, serial }: SlotState) {
    this.#owner = owner
    this.#lane = lane
    this.#held = held
    this.#beginning = beginning
    this.#serial = serial
    this.#isRated = isRated
  }

  get isHeld(): boolean {
    return this.#held
  }

  /** It is held, or will be. */
  get isTaken(): boolean {
    return this.#held || this.#waiting !== null
  }

  /** The lane in which the beginning of what it is held for counts; null if it does not. */
  get rateLane(): string | null {
    return this.#beginning && this.#isRated ? this.#lane : null
  }

  /** What it was held for has begun: by the time in the log, which a restart goes by. */
  begun(at_ms: number): void {
    if (!this.#beginning) return
    this.#beginning = false
    this.#owner.begun(this.#lane, at_ms)
  }

  /** Its place is taken before this returns. Resolves when it is held, or is not waited for any more. */
  take(): Promise<void> {
    if (this.#held || this.#skipped) return Promise.resolve()
    if (this.#waiting) return this.#waiting.over
    const { promise: over, resolve } = Promise.withResolvers<void>()
    const taken = () => {
      this.#held = true
      this.#waiting = null
      resolve()
    }
    const end = () => {
      this.#waiting = null
      this.#owner.forget(this.#lane, taken)
      resolve()
    }
    this.#waiting = { over, end }
    this.#owner.take(this.#lane, taken)
    return over
  }

  /** Others may have it until it is taken again. What runs in order keeps it to its end. */
  rest(): void {
    if (!this.#serial) this.release()
  }

  release(): void {
    this.#waiting?.end()
    if (!this.#held) return
    this.#held = false
    if (this.#beginning) this.#owner.unbegun(this.#lane)
    this.#beginning = false
    this.#owner.release(this.#lane)
  }

  /** From now on it is not waited for: what is cancelled or paused must not queue for it. */
  skip(): void {
    this.#skipped = true
    this.#waiting?.end()
  }
}

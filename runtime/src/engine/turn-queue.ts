// What happens to one execution in memory, one thing after the other. A turn is counted from when it is asked for until its first part
// is done, so that whoever asks knows whether something is still to come.

import type { Slot } from './slot.ts'

export interface TurnQueueOwner {
  readonly slot: Slot | null
  /** It has left memory: nothing more is done. */
  readonly isOver: boolean
  /** What is recorded is handed over when it goes on. */
  readonly pausing: Promise<unknown> | null
  fault(error: unknown): void
}

const NOTHING = Promise.resolve()

export class TurnQueue {
  readonly #owner: TurnQueueOwner
  #last: Promise<void> = Promise.resolve()
  /** Resolves when those that wait for the slot have it. */
  #slotTaken: Promise<void> = Promise.resolve()
  #turns = 0

  constructor(owner: TurnQueueOwner) {
    this.#owner = owner
  }

  /** No turn is under way or to come. */
  get isIdle(): boolean {
    return this.#turns === 0
  }

  /** Does something that is no turn. `ifOver` is called instead if it has left memory by then. */
  add(task: () => Promise<void>, ifOver?: () => void): void {
    const owner = this.#owner
    this.#last = this.#last
      .then(() => (owner.isOver ? ifOver?.() : task()))
      .catch((error: unknown) => owner.fault(error))
  }

  /** `after` is done when it is not counted any more. */
  turn<T>(first: () => Promise<T>, after: (given: T) => Promise<void> | void, ifOver?: () => void): void {
    this.#turns++
    this.add(() => this.#take(first, after), ifOver)
  }

  /** A turn of the handler, or what comes of one: it has its slot. Not if it is being paused. */
  turnWithSlot<T>(first: () => Promise<T>, after: (given: T) => Promise<void> | void): void {
    const { slot } = this.#owner
    this.#turns++
    const add = () => this.add(() => (this.#owner.pausing ? NOTHING : this.#take(first, after)))
    if (!slot) return add()
    this.#slotTaken = this.#slotTaken.then(() => slot.take()).then(add)
  }

  async #take<T>(first: () => Promise<T>, after: (given: T) => Promise<void> | void): Promise<void> {
    const given = await first()
    this.#turns--
    await after(given)
  }
}

// When an execution in memory has nothing to do but wait: then its status says so, others may have its slot, and it leaves memory if the
// wait will be long.

import type { Journal } from './journal.ts'
import { STAY_AWAKE_MS } from './limits.ts'
import type { Clock } from './ports.ts'
import type { Slot } from './slot.ts'
import type { Waits } from './waits.ts'

interface Resting {
  parts: { clock: Clock }
  journal: Journal
  waits: Waits
  slot: Slot | null
}

export interface RestOwner {
  /** Something of it is under way, or about to be handed to its handler. */
  readonly isAtWork: boolean
  leave(): void
}

export class Rest {
  readonly #of: Resting
  readonly #owner: RestOwner
  #cancelLeave: (() => void) | null = null
  #isOver = false

  constructor(of: Resting, owner: RestOwner) {
    this.#of = of
    this.#owner = owner
  }

  /** Something has come to an end. */
  look(): void {
    if (this.#isOver) return
    const { journal, waits, slot, parts } = this.#of
    if (this.#owner.isAtWork || waits.isEmpty) return journal.flushSoon(journal.status)
    slot?.rest()
    journal.flushSoon('waiting')
    if (!journal.isClean) return
    if (waits.areSleeps) return this.#leaveIfResting()
    // Whatever ends the wait may be near: what comes soon finds the handler where it is.
    this.#cancelLeave ??= parts.clock.after(STAY_AWAKE_MS, () => this.#leaveIfResting())
  }

  /** Something begins. */
  interrupt(): void {
    this.#cancelLeave?.()
    this.#cancelLeave = null
  }

  /** It is at its end, and does not rest any more. */
  end(): void {
    this.#isOver = true
    this.interrupt()
  }

  #leaveIfResting(): void {
    this.#cancelLeave = null
    const { journal, waits, parts } = this.#of
    const isResting = !this.#owner.isAtWork && !waits.isEmpty && journal.isClean
    if (this.#isOver || !isResting) return
    const { wakes_ms } = waits
    if (wakes_ms === null || wakes_ms - parts.clock.now() > STAY_AWAKE_MS) this.#owner.leave()
  }
}

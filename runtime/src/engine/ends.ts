// Who waits for the end of an execution.

import type { ExecutionId } from '@biplane/protocol'

import type { Clock } from './ports.ts'
import type { End } from './returned.ts'

export interface Heard {
  /** Null if the end did not come in time. */
  end: Promise<End | null>
  cancel(): void
}

export class Ends {
  readonly #clock: Clock
  readonly #ears = new Map<ExecutionId, Set<(end: End | null) => void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  tell(execution: ExecutionId, end: End): void {
    for (const hear of this.#ears.get(execution) ?? []) hear(end)
  }

  /** Nobody is told anything any more. */
  close(): void {
    for (const ears of this.#ears.values()) for (const hear of ears) hear(null)
  }

  hear(execution: ExecutionId, ms: number): Heard {
    const { promise, resolve } = Promise.withResolvers<End | null>()
    const ears = this.#ears.get(execution) ?? new Set()
    this.#ears.set(execution, ears.add(resolve))
    const cancelTimer = this.#clock.after(ms, () => resolve(null))
    const cancel = () => {
      cancelTimer()
      ears.delete(resolve)
      if (ears.size === 0 && this.#ears.get(execution) === ears) this.#ears.delete(execution)
    }
    return { end: promise.finally(cancel), cancel }
  }
}

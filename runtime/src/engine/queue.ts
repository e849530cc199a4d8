// Those of a lane that wait to begin: of each tenant by priority and then by age, and the tenants in turn; or all of them in the order in
// which they came, where order is the promise. One that is not ready, because it may yet be replaced, keeps its place and is
// passed over.

import type { ExecutionRow } from '../store/port.ts'

export interface Queued {
  row: ExecutionRow
  priority: number
  isReady: boolean
}

export class LaneQueue {
  readonly #inOrder: boolean
  /** By tenant, in the order in which they have their turn; each has one at least. If order is the promise, all are in one. */
  readonly #queues = new Map<string, Queued[]>()
  #ready = 0

  constructor({ inOrder }: { inOrder: boolean }) {
    this.#inOrder = inOrder
  }

  get isEmpty(): boolean {
    return this.#queues.size === 0
  }

  get hasReady(): boolean {
    return this.#ready > 0
  }

  add(queued: Queued): void {
    const name = this.#nameOf(queued.row)
    const queue = this.#queues.get(name) ?? []
    queue.splice(this.#inOrder ? queue.length : placeFor(queue, queued.priority), 0, queued)
    this.#queues.set(name, queue)
    this.#count(queued, 1)
  }

  /** Takes the next one out. Its tenant comes last from then on. */
  next(): Queued | null {
    if (!this.hasReady) return null
    for (const [name, queue] of this.#queues) {
      const at = queue.findIndex(({ isReady }) => isReady)
      const queued = queue[at]
      if (!queued) continue
      queue.splice(at, 1)
      this.#queues.delete(name)
      if (queue.length > 0) this.#queues.set(name, queue)
      this.#count(queued, -1)
      return queued
    }
    return null
  }

  remove(row: ExecutionRow): void {
    const queue = this.#queueOf(row)
    const at = indexIn(queue, row)
    const queued = queue[at]
    if (!queued) return
    queue.splice(at, 1)
    if (queue.length === 0) this.#queues.delete(this.#nameOf(row))
    this.#count(queued, -1)
  }

  /** Puts one of the same tenant where another is. */
  replace(row: ExecutionRow, queued: Queued): void {
    const queue = this.#queueOf(row)
    const at = indexIn(queue, row)
    const replaced = queue[at]
    if (!replaced) return this.add(queued)
    queue[at] = queued
    this.#count(replaced, -1)
    this.#count(queued, 1)
  }

  setReady(row: ExecutionRow, isReady: boolean): void {
    const queue = this.#queueOf(row)
    const queued = queue[indexIn(queue, row)]
    if (!queued || queued.isReady === isReady) return
    queued.isReady = isReady
    this.#ready += isReady ? 1 : -1
  }

  /** How many would go before one, as they stand now. */
  aheadOf(row: ExecutionRow): number {
    const own = this.#queueOf(row)
    const turns = indexIn(own, row)
    let ahead = 0
    let isBefore = true
    for (const queue of this.#queues.values()) {
      if (queue === own) isBefore = false
      // Each other one has its turn as often, and once more if it is before.
      ahead += Math.min(queue.length, Math.max(0, turns + (isBefore ? 1 : 0)))
    }
    return ahead
  }

  #nameOf({ tenant_id }: ExecutionRow): string {
    return this.#inOrder ? '' : tenant_id
  }

  #queueOf(row: ExecutionRow): Queued[] {
    return this.#queues.get(this.#nameOf(row)) ?? []
  }

  #count({ isReady }: Queued, by: 1 | -1): void {
    if (isReady) this.#ready += by
  }
}

/** Behind all that are as urgent. */
function placeFor(queue: readonly Queued[], priority: number): number {
  let [low, high] = [0, queue.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((queue[middle] as Queued).priority >= priority) low = middle + 1
    else high = middle
  }
  return low
}

const indexIn = (queue: readonly Queued[], { execution_id }: ExecutionRow): number =>
  queue.findIndex(({ row }) => row.execution_id === execution_id)

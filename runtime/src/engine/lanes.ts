// Flow control. Executions of a capability with a limit share lanes, one for each key; a lane has so many slots. An execution holds
// a slot while it is at work, and gives it back while it waits, so that those who wait hold nobody up. What has begun goes before
// what is new; new work is taken from the tenants in turn, and within a tenant by priority and then by age.
//
// All of it is in memory: one process owns an embedded store, and finds at its start in the log who was at work and who was not.

import type { ExecutionId, TenantId } from '@biplane/protocol'
import type { Limit } from '@biplane/realm'

import type { ExecutionRow } from '../store/port.ts'

export interface Queued {
  row: ExecutionRow
  priority: number
}

interface Lane {
  slots: number
  held: number
  /** Those whose acceptance is under way and that will queue: nobody may pass them. */
  arriving: number
  /** Those that had begun and want their slot back. */
  returning: (() => void)[]
  /** New work, in the order in which the tenants have their turn. */
  starting: Map<TenantId, Queued[]>
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>()
  readonly #queued = new Map<ExecutionId, { name: string; lane: Lane }>()
  readonly #start: (row: ExecutionRow, slot: Slot) => void

  /** `start` is given a slot that is held. */
  constructor(start: (row: ExecutionRow, slot: Slot) => void) {
    this.#start = start
  }

  /** A slot for new work at once; null if it must queue: then `queue` or `abandon` follows. */
  enter(name: string, limit: Limit<never>): Slot | null {
    const lane = this.#laneOf(name, limit)
    const ahead = lane.starting.size + lane.returning.length + lane.arriving
    if (lane.held >= lane.slots || ahead > 0) {
      lane.arriving++
      return null
    }
    lane.held++
    return new Slot(this, name, limit, true)
  }

  /** A slot for what has begun; `held` if it has kept it. */
  slotOf(name: string, limit: Limit<never>, held = false): Slot {
    if (held) this.#laneOf(name, limit).held++
    return new Slot(this, name, limit, held)
  }

  /** What entered is not to be begun after all. */
  abandon(name: string, limit: Limit<never>): void {
    const lane = this.#laneOf(name, limit)
    lane.arriving--
    this.#pump(name, limit, lane)
  }

  /** `recovered`: it was accepted by the process before, and did not enter. */
  queue(name: string, limit: Limit<never>, queued: Queued, recovered = false): void {
    const lane = this.#laneOf(name, limit)
    if (!recovered) lane.arriving--
    const ofTenant = lane.starting.get(queued.row.tenant_id) ?? []
    const at = ofTenant.findIndex(({ priority }) => priority < queued.priority)
    ofTenant.splice(at === -1 ? ofTenant.length : at, 0, queued)
    lane.starting.set(queued.row.tenant_id, ofTenant)
    this.#queued.set(queued.row.execution_id, { name, lane })
    this.#pump(name, limit, lane)
  }

  /** Takes back what was queued. */
  leave({ tenant_id, execution_id }: ExecutionRow): void {
    const found = this.#queued.get(execution_id)
    if (!found) return
    this.#queued.delete(execution_id)
    const { starting } = found.lane
    const rest = (starting.get(tenant_id) ?? []).filter(({ row }) => row.execution_id !== execution_id)
    if (rest.length > 0) starting.set(tenant_id, rest)
    else starting.delete(tenant_id)
  }

  /** How many are queued. */
  get queued(): number {
    return this.#queued.size
  }

  /** Why an execution has not begun; null if it is not queued. */
  whyQueued(execution: ExecutionId): string | null {
    const found = this.#queued.get(execution)
    if (!found) return null
    const { held, slots } = found.lane
    return `a free slot: ${held} of ${slots} are in use`
  }

  take(name: string, limit: Limit<never>, taken: () => void): void {
    const lane = this.#laneOf(name, limit)
    lane.returning.push(taken)
    this.#pump(name, limit, lane)
  }

  /** Somebody does not want it any more. */
  forget(name: string, taken: () => void): void {
    const lane = this.#lanes.get(name)
    if (lane) lane.returning = lane.returning.filter((each) => each !== taken)
  }

  release(name: string, limit: Limit<never>): void {
    const lane = this.#laneOf(name, limit)
    lane.held--
    this.#pump(name, limit, lane)
    const inUse = lane.held + lane.returning.length + lane.starting.size + lane.arriving
    if (inUse === 0) this.#lanes.delete(name)
  }

  #pump(name: string, limit: Limit<never>, lane: Lane): void {
    while (lane.held < lane.slots) {
      const taken = lane.returning.shift()
      const queued = taken ? null : nextOf(lane)
      if (!taken && !queued) return
      lane.held++
      taken?.()
      if (!queued) continue
      this.#queued.delete(queued.row.execution_id)
      this.#start(queued.row, new Slot(this, name, limit, true))
    }
  }

  #laneOf(name: string, { concurrency = Infinity, serial = false }: Limit<never>): Lane {
    const known = this.#lanes.get(name)
    if (known) return known
    const lane = { slots: serial ? 1 : concurrency, held: 0, arriving: 0, returning: [], starting: new Map() }
    this.#lanes.set(name, lane)
    return lane
  }
}

/** The next of the tenant whose turn it is, who then comes last. */
function nextOf({ starting }: Lane): Queued | null {
  const [first] = starting
  if (!first) return null
  const [tenant, queue] = first
  const queued = queue.shift() as Queued
  starting.delete(tenant)
  if (queue.length > 0) starting.set(tenant, queue)
  return queued
}

/** The slot of one execution: held or not. */
export class Slot {
  readonly #lanes: Lanes
  readonly #name: string
  readonly #limit: Limit<never>
  #held: boolean
  /** Ends the wait for it. */
  #skip: (() => void) | null = null
  #skipped = false

  constructor(lanes: Lanes, name: string, limit: Limit<never>, held: boolean) {
    this.#lanes = lanes
    this.#name = name
    this.#limit = limit
    this.#held = held
  }

  get isHeld(): boolean {
    return this.#held
  }

  /** Resolves when it is held, or is not waited for any more. */
  take(): Promise<void> {
    if (this.#held || this.#skipped) return Promise.resolve()
    return new Promise((resolve) => {
      const taken = () => {
        this.#held = true
        this.#skip = null
        resolve()
      }
      this.#skip = () => {
        this.#lanes.forget(this.#name, taken)
        resolve()
      }
      this.#lanes.take(this.#name, this.#limit, taken)
    })
  }

  /** Others may have it until it is taken again. What runs in order keeps it to its end. */
  rest(): void {
    if (!this.#limit.serial) this.release()
  }

  release(): void {
    if (!this.#held) return
    this.#held = false
    this.#lanes.release(this.#name, this.#limit)
  }

  /** From now on it is not waited for: what is cancelled or paused must not queue for it. */
  skip(): void {
    this.#skipped = true
    this.#skip?.()
    this.#skip = null
  }
}

// What an accepted execution waits for before it begins: that no later one replaces it, its turn, a free slot. Whoever need not wait
// begins in the commit that accepts it.

import { ProblemError, type TenantId, timeOf } from '@biplane/protocol'

import type { ExecutionRow } from '../store/port.ts'
import { Bursts } from './bursts.ts'
import { Lanes } from './lanes.ts'
import { NO_PLACE, type Place, intentTypeOf } from './place.ts'
import type { Plan } from './plan.ts'
import type { Clock } from './ports.ts'
import type { Slot } from './slot.ts'

export interface FlowHost {
  /** Its turn has come. */
  start(row: ExecutionRow, slot: Slot): void
  /** It has not begun, and is not to: the other is done instead. */
  supersede(row: ExecutionRow, by: ExecutionRow): void
}

/** An intent on its way into the log. `accepted` or `failed` follows. */
export interface Arrival {
  place: Place
  /** It must wait, and begins later. */
  isQueued: boolean
  /** What it begins with, if it shares anything and need not wait. */
  slot: Slot | null
  accepted(row: ExecutionRow): void
  /** It is not in the log, or was there before. */
  failed(): void
}

const none = (): void => {}
const UNBOUND: Arrival = {
  place: NO_PLACE,
  isQueued: false,
  slot: null,
  accepted: none,
  failed: none,
}

export class FlowControl {
  readonly #planOf: (intentType: string) => Plan | null
  readonly #host: FlowHost
  readonly #lanes: Lanes
  readonly #bursts: Bursts

  /** `planOf`: the limit of an intent type as it is now; null if it has none. */
  constructor(clock: Clock, planOf: (intentType: string) => Plan | null, host: FlowHost) {
    this.#planOf = planOf
    this.#host = host
    this.#lanes = new Lanes(
      clock,
      (lane) => planOf(intentTypeOf(lane)) ?? UNLIMITED,
      (row, slot) => this.#start(row, slot),
    )
    this.#bursts = new Bursts(clock, (row, isReady) => this.#lanes.setReady(row, isReady))
  }

  /** What was there before is back in its place: executions begin from now on. */
  open(): void {
    this.#lanes.open()
  }

  close(): void {
    this.#lanes.close()
    this.#bursts.close()
  }

  /**
   * Called in the moment before the acceptance is sent to the store, with nothing awaited in between: so that lanes have the order
   * of the log. `isNew`: nobody waits for it who has begun; `isAgain`: a person has asked for it once more.
   * @throws ProblemError overloaded
   */
  arrive(tenant: TenantId, place: Place, { isNew, isAgain }: { isNew: boolean; isAgain: boolean }): Arrival {
    const { lane } = place
    if (lane === null) return UNBOUND
    if (isNew && !this.#lanes.hasRoom(tenant, lane)) throw new ProblemError('overloaded')
    const plan = this.#planOf(intentTypeOf(lane)) ?? UNLIMITED
    if (plan.debounce && !isAgain) return this.#debounced(tenant, place, lane, plan.debounce)
    return this.#inTurn(place, lane)
  }

  /** One that was accepted by the process before and has not begun, in the order they were accepted. False if nothing keeps it waiting. */
  restore(row: ExecutionRow, place: Place): boolean {
    const { lane, priority, first_ms } = place
    const plan = this.#planOf(row.intent_type)
    if (lane === null || !plan) return false
    if (first_ms === null || !plan.debounce) {
      this.#lanes.queue(lane, { row, priority, isReady: true }, false)
      return true
    }
    const key = burstKey(row.tenant_id, lane)
    this.#follow(key, lane, row, priority, this.#bursts.restore(key, plan.debounce, row, first_ms))
    return true
  }

  /** One has ended before it began, or is paused. */
  leave(row: ExecutionRow): void {
    this.#lanes.leave(row)
    this.#bursts.left(row)
  }

  /** A slot for what has begun; null if it shares nothing now. `held`: it has kept it. */
  slotOf({ intent_type }: ExecutionRow, { lane }: Place, held = false): Slot | null {
    return lane === null || !this.#planOf(intent_type) ? null : this.#lanes.slotOf(lane, held)
  }

  isSerial({ intent_type }: ExecutionRow): boolean {
    return this.#planOf(intent_type)?.serial ?? false
  }

  /** An execution of the lane began before this process did. */
  restoreBegun(lane: string, at_ms: number): void {
    this.#lanes.restoreBegun(lane, at_ms)
  }

  /** Why an execution has not begun; null if it is not known to wait. */
  whyQueued(row: ExecutionRow): string | null {
    const until_ms = this.#bursts.quietUntil(row)
    if (until_ms === null) return this.#lanes.whyQueued(row)
    return `quiet until ${timeOf(until_ms)}: a later intent of its key would replace it`
  }

  #inTurn(place: Place, lane: string): Arrival {
    const slot = this.#lanes.enter(lane)
    return {
      place,
      isQueued: slot === null,
      slot,
      accepted: (row) => {
        if (slot) slot.begun(row.created_ms)
        else this.#lanes.queue(lane, { row, priority: place.priority, isReady: true }, true)
      },
      failed: () => (slot ? slot.release() : this.#lanes.abandon(lane)),
    }
  }

  #debounced(tenant: TenantId, place: Place, lane: string, debounce: NonNullable<Plan['debounce']>): Arrival {
    const key = burstKey(tenant, lane)
    const first_ms = this.#bursts.arrive(key, debounce)
    return {
      place: { ...place, first_ms },
      isQueued: true,
      slot: null,
      accepted: (row) => this.#follow(key, lane, row, place.priority, this.#bursts.accepted(key, row)),
      failed: () => this.#bursts.failed(key),
    }
  }

  /** It takes the place of the one that it replaces. */
  #follow(key: string, lane: string, row: ExecutionRow, priority: number, replaced: ExecutionRow | null): void {
    const queued = { row, priority, isReady: false }
    if (replaced) this.#lanes.replace(lane, replaced, queued)
    else this.#lanes.queue(lane, queued, false)
    this.#bursts.placed(key)
    if (replaced) this.#host.supersede(replaced, row)
  }

  #start(row: ExecutionRow, slot: Slot): void {
    this.#bursts.left(row)
    this.#host.start(row, slot)
  }
}

/** Of what has a lane in its log, and no limit any more. */
const UNLIMITED: Plan = { slots: Infinity, serial: false, rate: null, debounce: null }

/** No tenant's name has a space. */
const burstKey = (tenant: TenantId, lane: string): string => `${tenant} ${lane}`

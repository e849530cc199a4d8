// Slots and beginnings. Executions of a capability with a limit share lanes, one for each key; a lane has so many slots, and may let so
// many begin in a span of time. An execution holds a slot while it is at work, and gives it back while it waits, so that those
// who wait hold nobody up. What has begun goes before what is new.
//
// All of it is in memory: one process owns an embedded store, and finds at its start in the log who was at work and who was not.

import { type ExecutionId, type TenantId, timeOf } from '@biplane/protocol'

import type { ExecutionRow } from '../store/port.ts'
import { FairShare, roomFor } from '../tenants/fair-share.ts'
import { LANES_MAX, QUEUED_EXECUTIONS_MAX } from './limits.ts'
import type { Plan } from './plan.ts'
import type { Clock } from './ports.ts'
import { LaneQueue, type Queued } from './queue.ts'
import { Rate } from './rate.ts'
import { Slot, type SlotOwner } from './slot.ts'

interface Lane {
  plan: Plan
  rate: Rate | null
  held: number
  /** Those whose acceptance is under way and that will queue: nobody may pass them. */
  arriving: number
  /** Those that had begun and want their slot back. */
  returning: (() => void)[]
  /** Those that wait to begin. */
  queue: LaneQueue
  /** When time alone changes something here, and what forgets that. */
  alarm: { at_ms: number; cancel: () => void } | null
}

export class Lanes implements SlotOwner {
  readonly #clock: Clock
  readonly #planOf: (lane: string) => Plan
  readonly #start: (row: ExecutionRow, slot: Slot) => void
  readonly #lanes = new Map<string, Lane>()
  readonly #queued = new Map<ExecutionId, string>()
  readonly #share = new FairShare(roomFor(QUEUED_EXECUTIONS_MAX))
  #isOpen = false

  /** `start` is given a slot that is held. */
  constructor(clock: Clock, planOf: (lane: string) => Plan, start: (row: ExecutionRow, slot: Slot) => void) {
    this.#clock = clock
    this.#planOf = planOf
    this.#start = start
  }

  /** From now on executions begin: all that were there before are back in their places. */
  open(): void {
    this.#isOpen = true
    for (const name of this.#lanes.keys()) this.#pump(name)
  }

  /** Nothing begins any more. */
  close(): void {
    this.#isOpen = false
    for (const lane of this.#lanes.values()) lane.alarm?.cancel()
  }

  /** A slot for new work at once; null if it must queue: then `queue` or `abandon` follows. */
  enter(name: string): Slot | null {
    const lane = this.#laneOf(name)
    const { held, arriving, returning, queue, plan, rate } = lane
    const isBehind = queue.hasReady || returning.length > 0 || arriving > 0
    const hasRoom = held < plan.slots && (rate === null || rate.room_ms <= this.#clock.now())
    if (!this.#isOpen || isBehind || !hasRoom) {
      lane.arriving++
      return null
    }
    return this.#hold(name, lane)
  }

  /** What entered is not to be begun after all. */
  abandon(name: string): void {
    this.#laneOf(name).arriving--
    this.#pump(name)
  }

  /** `entered`: or it was accepted by the process before. */
  queue(name: string, queued: Queued, entered: boolean): void {
    const lane = this.#laneOf(name)
    if (entered) lane.arriving--
    lane.queue.add(queued)
    this.#noteQueued(queued.row, name)
    this.#pump(name)
  }

  /** Puts one where another of its tenant is. */
  replace(name: string, replaced: ExecutionRow, queued: Queued): void {
    this.#noteGone(replaced)
    this.#noteQueued(queued.row, name)
    this.#laneOf(name).queue.replace(replaced, queued)
    this.#pump(name)
  }

  /** Whether one that is queued may begin as soon as there is room. */
  setReady(row: ExecutionRow, isReady: boolean): void {
    const name = this.#queued.get(row.execution_id)
    if (name === undefined) return
    this.#laneOf(name).queue.setReady(row, isReady)
    this.#pump(name)
  }

  /** Takes back what was queued. */
  leave(row: ExecutionRow): void {
    const name = this.#queued.get(row.execution_id)
    if (name === undefined) return
    this.#noteGone(row)
    this.#laneOf(name).queue.remove(row)
    this.#pump(name)
  }

  /** Whether one more of the tenant may come to this lane. What executions call comes in any case. */
  hasRoom(tenant: TenantId, name: string): boolean {
    return this.#share.hasRoom(tenant) && (this.#lanes.size < LANES_MAX || this.#lanes.has(name))
  }

  /** Why an execution has not begun; null if it is not queued. */
  whyQueued(row: ExecutionRow): string | null {
    const name = this.#queued.get(row.execution_id)
    if (name === undefined) return null
    const { held, plan, rate, queue } = this.#laneOf(name)
    if (held >= plan.slots) return `a free slot: ${held} of ${plan.slots} are in use`
    if (!plan.rate || !rate) return null
    const turn = timeOf(rate.turnOf(queue.aheadOf(row), this.#clock.now()))
    return `its turn, about ${turn}: ${plan.rate.times} may begin within ${plan.rate.per_ms} ms`
  }

  /** A slot for what has begun; `held` if it has kept it. */
  slotOf(name: string, held = false): Slot {
    const lane = this.#laneOf(name)
    if (held) lane.held++
    return this.#slot(name, lane, { held, beginning: false })
  }

  /** One began before this process did. */
  restoreBegun(name: string, at_ms: number): void {
    this.#laneOf(name).rate?.restore(at_ms)
  }

  take(name: string, taken: () => void): void {
    this.#laneOf(name).returning.push(taken)
    this.#pump(name)
  }

  forget(name: string, taken: () => void): void {
    const lane = this.#laneOf(name)
    lane.returning = lane.returning.filter((each) => each !== taken)
    this.#pump(name)
  }

  release(name: string): void {
    this.#laneOf(name).held--
    this.#pump(name)
  }

  begun(name: string, at_ms: number): void {
    this.#laneOf(name).rate?.begun(at_ms)
    this.#pump(name)
  }

  unbegun(name: string): void {
    this.#laneOf(name).rate?.abandon()
  }

  /** A slot for what is to begin. */
  #hold(name: string, lane: Lane): Slot {
    lane.held++
    lane.rate?.enter()
    return this.#slot(name, lane, { held: true, beginning: true })
  }

  #slot(name: string, { plan, rate }: Lane, state: { held: boolean; beginning: boolean }): Slot {
    return new Slot(this, name, { ...state, serial: plan.serial, isRated: rate !== null })
  }

  /** Gives out what there is room for. */
  #pump(name: string): void {
    const lane = this.#laneOf(name)
    while (this.#isOpen && lane.held < lane.plan.slots) {
      const taken = lane.returning.shift()
      if (taken) {
        lane.held++
        taken()
        continue
      }
      if (lane.rate && lane.rate.room_ms > this.#clock.now()) break
      const queued = lane.queue.next()
      if (!queued) break
      this.#noteGone(queued.row)
      this.#start(queued.row, this.#hold(name, lane))
    }
    this.#settle(name, lane)
  }

  /** Sees to it that the lane is looked at when time makes room in it, and is forgotten when it says nothing any more. */
  #settle(name: string, lane: Lane): void {
    if (!this.#isOpen) return
    const now_ms = this.#clock.now()
    const isIdle = lane.held + lane.arriving + lane.returning.length === 0 && lane.queue.isEmpty
    const spent_ms = lane.rate?.spent_ms ?? 0
    if (isIdle && spent_ms <= now_ms) {
      lane.alarm?.cancel()
      this.#lanes.delete(name)
      return
    }
    const isHeldBack = lane.queue.hasReady && lane.held < lane.plan.slots
    const at_ms = isIdle ? spent_ms : isHeldBack ? (lane.rate?.room_ms ?? Infinity) : Infinity
    if (at_ms === (lane.alarm?.at_ms ?? Infinity)) return
    lane.alarm?.cancel()
    lane.alarm = at_ms === Infinity ? null : { at_ms, cancel: this.#wakeAt(name, lane, at_ms) }
  }

  #wakeAt(name: string, lane: Lane, at_ms: number): () => void {
    return this.#clock.after(at_ms - this.#clock.now(), () => {
      lane.alarm = null
      this.#pump(name)
    })
  }

  #noteQueued({ tenant_id, execution_id }: ExecutionRow, name: string): void {
    this.#queued.set(execution_id, name)
    this.#share.enter(tenant_id)
  }

  #noteGone({ tenant_id, execution_id }: ExecutionRow): void {
    if (this.#queued.delete(execution_id)) this.#share.leave(tenant_id)
  }

  #laneOf(name: string): Lane {
    const known = this.#lanes.get(name)
    if (known) return known
    const plan = this.#planOf(name)
    const rate = plan.rate ? new Rate(plan.rate) : null
    const queue = new LaneQueue({ inOrder: plan.serial })
    const lane: Lane = { plan, rate, queue, held: 0, arriving: 0, returning: [], alarm: null }
    this.#lanes.set(name, lane)
    return lane
  }
}

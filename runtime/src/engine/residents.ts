// The executions that are in memory, and how one comes to be there: when its intent is accepted, when the process starts again,
// when its time has come, when somebody operates it.

import { type ExecutionId, type Failure, ProblemError, type TenantId } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'

import type { Entry, ExecutionRow, Lease } from '../store/port.ts'
import { FairShare, roomFor } from '../tenants/fair-share.ts'
import type { Catalogue } from './catalogue.ts'
import type { ExecutionHost } from './execution-host.ts'
import type { FlowControl } from './flow-control.ts'
import { LiveExecution } from './execution.ts'
import type { History } from './history.ts'
import { Journal } from './journal.ts'
import { LIVE_EXECUTIONS_MAX, RECORD_RETRY_MS } from './limits.ts'
import { entriesOf, historyOf } from './load-history.ts'
import type { Place } from './place.ts'
import type { EngineParts } from './ports.ts'
import { type Runnable, obstacleTo, runnableOf } from './runnable.ts'
import type { Slot } from './slot.ts'

/** How the process that ran an execution before ended: it let go of it in peace, or died. */
export type Recovery = 'released' | 'cut_off'

export class Residents {
  readonly #parts: EngineParts
  readonly #catalogue: Catalogue
  readonly #flow: FlowControl
  readonly #leaseOf: (row: ExecutionRow) => Lease
  readonly #host: ExecutionHost
  readonly #live = new Map<ExecutionId, LiveExecution>()
  /** Slots of those that have left memory and keep their turn. */
  readonly #kept = new Map<ExecutionId, Slot>()
  readonly #share: FairShare
  readonly #loading = new Map<ExecutionId, Promise<unknown>>()
  #isStopped = false

  constructor(
    parts: EngineParts,
    catalogue: Catalogue,
    flow: FlowControl,
    leaseOf: (row: ExecutionRow) => Lease,
    host: ExecutionHost,
  ) {
    this.#parts = parts
    this.#share = new FairShare(roomFor(parts.liveExecutionsMax ?? LIVE_EXECUTIONS_MAX))
    this.#catalogue = catalogue
    this.#flow = flow
    this.#leaseOf = leaseOf
    const left: ExecutionHost['left'] = (row, end) => {
      const slot = this.#live.get(row.execution_id)?.slot
      if (slot?.isTaken) this.#kept.set(row.execution_id, slot)
      if (this.#live.delete(row.execution_id)) this.#share.leave(row.tenant_id)
      host.left(row, end)
    }
    this.#host = { ...host, left }
  }

  /** Whether one more execution of the tenant may come to memory. What has begun comes in any case. */
  hasRoom(tenant: TenantId): boolean {
    return this.#share.hasRoom(tenant)
  }

  get(execution: ExecutionId): LiveExecution | undefined {
    return this.#live.get(execution)
  }

  /** Null if the process is stopping: then the next one finds it. */
  begin(
    row: ExecutionRow,
    definition: IntentDefinition,
    history: History,
    slot: Slot | null,
    recovery: Recovery | null = null,
  ): LiveExecution | null {
    if (this.#isStopped) return null
    const lease = this.#leaseOf(row)
    const live = new LiveExecution(this.#parts, this.#host, { row, lease, definition, history, slot })
    this.#live.set(row.execution_id, live)
    this.#share.enter(row.tenant_id)
    live.start(recovery === 'cut_off')
    return live
  }

  /**
   * Whatever is done to an execution that is not in memory is done here, one at a time. `whenLive` is done instead if it is, or has
   * come to be meanwhile.
   * @throws ProblemError shutting_down
   */
  async with<T>(
    execution: ExecutionId,
    whenLive: (live: LiveExecution) => Promise<T> | T,
    otherwise: () => Promise<T>,
  ): Promise<T> {
    for (let other = this.#loading.get(execution); other; other = this.#loading.get(execution)) {
      await other.catch(() => {})
    }
    if (this.#isStopped) throw new ProblemError('shutting_down')
    const live = this.#live.get(execution)
    if (live) return whenLive(live)
    const loading = otherwise().finally(() => this.#loading.delete(execution))
    this.#loading.set(execution, loading)
    return loading
  }

  /** One that is being accepted: whatever is done to it waits until `letGo`. */
  hold(execution: ExecutionId, accepting: Promise<unknown>): void {
    this.#loading.set(execution, accepting)
  }

  letGo(execution: ExecutionId): void {
    this.#loading.delete(execution)
  }

  /** Null if it cannot go on with the realms of this runtime: then it is paused, or parked if it was being undone. */
  async load(
    row: ExecutionRow,
    recovery: Recovery | null = null,
    granted: Slot | null = null,
  ): Promise<LiveExecution | null> {
    const history = await this.historyOf(row)
    const runnable = this.runnable(row, history)
    if ('definition' in runnable) {
      const slot = granted ?? this.#slotOf(row, history.place, recovery !== null)
      return this.begin(row, runnable.definition, { ...history, payload: runnable.payload }, slot, recovery)
    }
    granted?.release()
    const { error } = runnable
    const journal = this.journalOf(row)
    const clearTimers = [...history.waiting.values()]
    const status = row.status === 'compensating' ? 'parked' : 'paused'
    await journal.commit([journal.entry(`execution.${status}`, { error })], { status, clearTimers })
    this.#parts.log.warn({ execution_id: row.execution_id, code: error.code }, error.message)
    return null
  }

  /** One that has not begun takes its place in line, or begins if there is none any more. */
  async takePlace(row: ExecutionRow, place: Place): Promise<void> {
    if (!this.#flow.restore(row, place)) await this.load(row)
  }

  /** One that waits, and keeps its turn meanwhile, has it again after a restart. */
  keepTurn(row: ExecutionRow, place: Place): void {
    if (!this.#flow.isSerial(row)) return
    const slot = this.#flow.slotOf(row, place, true)
    if (slot) this.#kept.set(row.execution_id, slot)
  }

  /** An execution that is not in memory has ended. */
  leaveLane(row: ExecutionRow): void {
    this.#flow.leave(row)
    this.#kept.get(row.execution_id)?.release()
    this.#kept.delete(row.execution_id)
  }

  /** What runs in order has kept its slot over a restart, whatever became of it since. */
  #slotOf(row: ExecutionRow, place: Place, isRecovered: boolean): Slot | null {
    const kept = this.#kept.get(row.execution_id)
    this.#kept.delete(row.execution_id)
    return kept ?? this.#flow.slotOf(row, place, isRecovered && this.#flow.isSerial(row))
  }

  /** Brings one to memory that nobody has brought there since: its turn has come, or it goes on from what another one did. */
  start(row: ExecutionRow, slot: Slot | null): void {
    const { tenant_id, execution_id, status } = row
    const start = async () => {
      const now = await this.#parts.store.getExecution(tenant_id, execution_id)
      if (now?.status === status) await this.load(now, null, slot)
      else slot?.release()
    }
    this.with(execution_id, () => slot?.release(), start).catch((error: unknown) => {
      if (this.#isStopped) return
      this.#parts.log.error(
        { execution_id, error: String(error) },
        'an execution could not be begun; it is tried again',
      )
      this.#parts.clock.after(RECORD_RETRY_MS, () => this.start(row, slot))
    })
  }

  runnable(row: ExecutionRow, history: History): Runnable {
    return runnableOf(this.#catalogue, row, history)
  }

  obstacleTo(row: ExecutionRow, history: History): Promise<Failure | null> {
    return obstacleTo(this.#catalogue, row, history)
  }

  historyOf({ execution_id }: ExecutionRow): Promise<History> {
    return historyOf(this.#parts.store, execution_id)
  }

  /** For what is done to one that is not in memory: it bounds no entries. */
  journalOf(row: ExecutionRow): Journal {
    return new Journal(this.#parts, row, this.#leaseOf(row), 0, (error) => {
      if (error) this.#parts.log.error({ execution_id: row.execution_id, error: String(error) }, 'a flush failed')
    })
  }

  entriesOf(execution: ExecutionId): Promise<Entry[]> {
    return entriesOf(this.#parts.store, execution)
  }

  /** Lets go of every execution where it is. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all([...this.#live.values()].map((live) => live.stop()))
    this.#live.clear()
  }
}

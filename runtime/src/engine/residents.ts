// The executions that are in memory, and how one comes to be there: when its intent is accepted, when the process starts again,
// when its time has come, when somebody operates it.

import type { ExecutionId, Failure } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'

import type { Entry, ExecutionRow, Lease } from '../store/port.ts'
import type { Catalogue } from './catalogue.ts'
import type { ExecutionHost } from './execution-host.ts'
import { LiveExecution } from './execution.ts'
import type { History } from './history.ts'
import { Journal } from './journal.ts'
import { Lanes, type Slot } from './lanes.ts'
import { entriesOf, historyOf } from './load-history.ts'
import type { EngineParts } from './ports.ts'
import { type Runnable, obstacleTo, runnableOf } from './runnable.ts'

/** How the process that ran an execution before ended: it let go of it in peace, or died. */
export type Recovery = 'released' | 'cut_off'

export class Residents {
  readonly #parts: EngineParts
  readonly #catalogue: Catalogue
  readonly #leaseOf: (row: ExecutionRow) => Lease
  readonly #host: ExecutionHost
  readonly #live = new Map<ExecutionId, LiveExecution>()
  /** Slots of those that have left memory and keep their turn. */
  readonly #kept = new Map<ExecutionId, Slot>()
  readonly lanes: Lanes
  readonly #loading = new Map<ExecutionId, Promise<unknown>>()

  constructor(parts: EngineParts, catalogue: Catalogue, leaseOf: (row: ExecutionRow) => Lease, host: ExecutionHost) {
    this.#parts = parts
    this.#catalogue = catalogue
    this.#leaseOf = leaseOf
    this.lanes = new Lanes((row, slot) => this.#startQueued(row, slot))
    const left: ExecutionHost['left'] = (row, end) => {
      const slot = this.#live.get(row.execution_id)?.slot
      if (slot?.isHeld) this.#kept.set(row.execution_id, slot)
      this.#live.delete(row.execution_id)
      host.left(row, end)
    }
    this.#host = { ...host, left }
  }

  get size(): number {
    return this.#live.size
  }

  get(execution: ExecutionId): LiveExecution | undefined {
    return this.#live.get(execution)
  }

  begin(
    row: ExecutionRow,
    definition: IntentDefinition,
    history: History,
    slot: Slot | null,
    recovery: Recovery | null = null,
  ): LiveExecution {
    const live = new LiveExecution(this.#parts, this.#host, {
      row,
      lease: this.#leaseOf(row),
      definition,
      history,
      slot,
    })
    this.#live.set(row.execution_id, live)
    live.start(recovery === 'cut_off')
    return live
  }

  /**
   * Whatever is done to an execution that is not in memory is done here, one at a time. `whenLive` is done instead if it is,
   * or has come to be meanwhile.
   */
  async with<T>(
    execution: ExecutionId,
    whenLive: (live: LiveExecution) => Promise<T> | T,
    otherwise: () => Promise<T>,
  ): Promise<T> {
    for (let other = this.#loading.get(execution); other; other = this.#loading.get(execution)) {
      await other.catch(() => {})
    }
    const live = this.#live.get(execution)
    if (live) return whenLive(live)
    const loading = otherwise().finally(() => this.#loading.delete(execution))
    this.#loading.set(execution, loading)
    return loading
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
      const slot = granted ?? this.#slotOf(row, runnable.definition, history, recovery !== null)
      return this.begin(row, runnable.definition, { ...history, payload: runnable.payload }, slot, recovery)
    }
    granted?.release()
    const { error } = runnable
    const journal = this.journalOf(row, history)
    const clearTimers = [...history.waiting.values()]
    const status = row.status === 'compensating' ? 'parked' : 'paused'
    await journal.commit([journal.entry(`execution.${status}`, { error })], { status, clearTimers })
    this.#parts.log.warn({ execution_id: row.execution_id, code: error.code }, error.message)
    return null
  }

  /** Finds the lane of an execution that waits for its turn, or that keeps its turn while it waits, as it was before a restart. */
  async restoreTurn(row: ExecutionRow): Promise<void> {
    const limit = this.#catalogue.intent(row.intent_type, row.realm_version)?.definition.limit
    if (!limit) return row.status === 'accepted' ? void (await this.load(row)) : undefined
    const { lane, priority } = await this.historyOf(row)
    if (lane === null) return
    if (row.status === 'accepted') this.lanes.queue(lane, limit, { row, priority }, true)
    else if (limit.serial) this.#kept.set(row.execution_id, this.lanes.slotOf(lane, limit, true))
  }

  /** An execution that is not in memory has ended, or will not begin. */
  leaveLane(row: ExecutionRow): void {
    this.lanes.leave(row)
    this.#kept.get(row.execution_id)?.release()
    this.#kept.delete(row.execution_id)
  }

  /** What was at work when the process ended holds its slot from the start, or new work would come before it. */
  #slotOf({ execution_id }: ExecutionRow, { limit }: IntentDefinition, { lane }: History, held: boolean): Slot | null {
    const kept = this.#kept.get(execution_id)
    this.#kept.delete(execution_id)
    if (kept) return kept
    return limit && lane !== null ? this.lanes.slotOf(lane, limit, held) : null
  }

  /** Its turn has come. */
  #startQueued(row: ExecutionRow, slot: Slot): void {
    const { execution_id } = row
    const start = async () => {
      const now = await this.#parts.store.getExecution(row.tenant_id, execution_id)
      if (now?.status === 'accepted') await this.load(row, null, slot)
      else slot.release()
    }
    this.with(execution_id, () => slot.release(), start).catch((error: unknown) => {
      slot.release()
      this.#parts.log.error({ execution_id, error: String(error) }, 'an execution could not be begun')
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

  journalOf(row: ExecutionRow, history: History): Journal {
    return new Journal(this.#parts, row, this.#leaseOf(row), history.entries, (error) => {
      if (error) this.#parts.log.error({ execution_id: row.execution_id, error: String(error) }, 'a flush failed')
    })
  }

  entriesOf(execution: ExecutionId): Promise<Entry[]> {
    return entriesOf(this.#parts.store, execution)
  }

  /** Lets go of every execution where it is. */
  async stop(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.stop()))
    this.#live.clear()
  }
}

// The executions that have not ended, as an observer knows them. A commit names an execution by its id alone; what it is of,
// and since when, is kept here from its acceptance to its end.

import { type ExecutionId, type FinalStatus, type Status, isFinal } from '@biplane/protocol'

import type { ExecutionRow, RecordExecution } from '../store/port.ts'

export interface Unfinished {
  intent_type: string
  status: Status
  created_ms: number
}

/** Those beyond are counted, but as of an unknown intent: a million that wait for a month must not fill the memory. */
const UNFINISHED_MAX = 200_000

export class UnfinishedExecutions {
  readonly #known = new Map<ExecutionId, Unfinished>()
  readonly #byStatus = new Map<Status, number>()

  /** How many there are of each status, of those that are known. */
  get byStatus(): ReadonlyMap<Status, number> {
    return this.#byStatus
  }

  add({ execution_id, intent_type, status, created_ms }: ExecutionRow): void {
    if (isFinal(status) || this.#known.has(execution_id) || this.#known.size >= UNFINISHED_MAX) return
    this.#known.set(execution_id, { intent_type, status, created_ms })
    this.#count(status, 1)
  }

  /** Takes on the status that a commit gave it, and answers what was known of it; undefined if nothing was. */
  moved({ execution_id, status }: RecordExecution): Unfinished | undefined {
    const known = this.#known.get(execution_id)
    if (!known || known.status === status) return known
    this.#count(known.status, -1)
    if (isFinal(status)) this.#known.delete(execution_id)
    else this.#count(status, 1)
    known.status = status
    return known
  }

  #count(status: Status | FinalStatus, by: number): void {
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + by)
  }
}

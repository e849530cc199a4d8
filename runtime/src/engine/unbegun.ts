// The end of an execution that has not begun: nothing of it was done, so there is nothing to undo. Each is done while nothing else is
// done to that execution.

import type { ExecutionRow } from '../store/port.ts'
import { actorOf } from './actor.ts'
import type { CancelRequest } from './history.ts'
import type { Residents } from './residents.ts'
import type { End } from './returned.ts'

export class Unbegun {
  readonly #residents: Residents
  readonly #ended: (row: ExecutionRow, end: End) => void

  constructor(residents: Residents, ended: (row: ExecutionRow, end: End) => void) {
    this.#residents = residents
    this.#ended = ended
  }

  async cancel(row: ExecutionRow, request: CancelRequest): Promise<void> {
    const { error } = request
    const journal = this.#residents.journalOf(row)
    const status = error ? 'failed' : 'cancelled'
    const entry = error
      ? journal.entry('execution.failed', { error, compensated: false })
      : journal.entry('execution.cancelled', { compensated: false, ...actorOf(request) })
    await journal.commit([entry], { status })
    this.#end(row, { status, compensated: false, result: null, error: error ?? null })
  }

  /** Its time is up before its turn came. */
  async expire(row: ExecutionRow): Promise<void> {
    const error = { code: 'execution.timed_out', message: `${row.intent_type} did not begin in its time.` }
    await this.cancel(row, { mode: 'cooperative', error })
  }

  /** A later one of its key is done instead. */
  async supersede(row: ExecutionRow, { execution_id: superseded_by }: ExecutionRow): Promise<void> {
    const journal = this.#residents.journalOf(row)
    await journal.commit([journal.entry('execution.superseded', { superseded_by })], { status: 'superseded' })
    this.#end(row, { status: 'superseded', compensated: false, result: null, error: null, superseded_by })
  }

  #end(row: ExecutionRow, end: End): void {
    this.#residents.leaveLane(row)
    this.#ended(row, end)
  }
}

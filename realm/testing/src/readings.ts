// What a test reads, straight from the store: a reader is no part of the process that may die.

import { type Event, type Execution, ProblemError, type SessionId, type TenantId } from '@biplane/protocol'
import { eventText } from '@biplane/runtime/entry'
import { executionView } from '@biplane/runtime/execution-view'
import type { ExecutionRow, StateScope, Store } from '@biplane/runtime/store-port'

const ENTRIES_AT_ONCE = 1_000
const COMPLAINTS_SHOWN = 3

export class Readings {
  readonly #store: Store
  readonly #complaints: string[] = []

  constructor(store: Store) {
    this.#store = store
  }

  /** What an engine found wrong with itself: it belongs into the message of the test that fails over it. */
  complain(message: string): void {
    this.#complaints.push(message)
  }

  complaints(): string {
    return this.#complaints
      .slice(-COMPLAINTS_SHOWN)
      .map((message) => `\nThe engine said: ${message}`)
      .join('')
  }

  /** @throws ProblemError execution_not_found */
  async row(tenant: TenantId, execution: ExecutionRow['execution_id']): Promise<ExecutionRow> {
    const row = await this.#store.getExecution(tenant, execution)
    if (!row) throw new ProblemError('execution_not_found')
    return row
  }

  execution(row: ExecutionRow): Promise<Execution> {
    return executionView(this.#store, row)
  }

  async events(session: SessionId): Promise<Event[]> {
    const events: Event[] = []
    for (;;) {
      const entries = await this.#store.readSession(session, events.length, ENTRIES_AT_ONCE)
      events.push(...entries.map((entry) => JSON.parse(eventText(entry)) as Event))
      if (entries.length < ENTRIES_AT_ONCE) return events
    }
  }

  async state(scope: StateScope, owner: SessionId | TenantId, key: string) {
    const row = await this.#store.getState(scope, owner, key)
    return row && { value: JSON.parse(row.value) as unknown, revision: row.revision }
  }
}

import type { ExecutionId } from '@biplane/protocol'

import type { Entry } from '../port.ts'
import type { Tables } from './tables.ts'

/** The first entries of an execution and of those that it goes on from; it ends with undefined if nothing is there of one. */
export function* lineage(tables: Tables, execution: ExecutionId): Generator<Entry | undefined> {
  for (let id: ExecutionId | undefined = execution; id !== undefined;) {
    const first: Entry | undefined = tables.executions.get(id)?.entries[0]
    yield first
    id = first && (JSON.parse(first.data) as { fork_of?: { execution_id: ExecutionId } }).fork_of?.execution_id
  }
}

/** Whether it can be gone on from: nothing of it was cut off. */
export const isWhole = (tables: Tables, execution: ExecutionId): boolean =>
  [...lineage(tables, execution)].every((first) => first?.type === 'intent.accepted')

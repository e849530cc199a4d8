// The first entries of an execution and of those that it goes on from: a fork is replayed from what the first one was answered.

import type { Entry } from '../port.ts'
import type { Database } from './database.ts'
import { indexedPosOf } from './read-entries.ts'
import { firstPlace } from './runs.ts'

type First = Pick<Entry, 'seq' | 'type' | 'data'>

const SELECT_INDEXED = 'SELECT seq, type, data FROM entry WHERE pos = ?'
const SELECT_BEHIND = 'SELECT seq, type, data FROM entry WHERE pos > ? AND execution_id = ? ORDER BY pos LIMIT 1'

/** Its own first; it ends with undefined if nothing is there of one. */
export function* lineage(db: Database, execution: string): Generator<First | undefined> {
  for (let id: string | undefined = execution; id !== undefined;) {
    const first = firstEntry(db, id)
    yield first
    id = first && sourceOf(first)
  }
}

/** Whether it can be gone on from: nothing of it was cut off. */
export const isWhole = (db: Database, execution: string): boolean =>
  [...lineage(db, execution)].every((first) => first?.type === 'intent.accepted')

function firstEntry(db: Database, execution: string): First | undefined {
  const place = firstPlace(db, execution)
  const row = place ? db.get(SELECT_INDEXED, place.pos) : db.get(SELECT_BEHIND, indexedPosOf(db), execution)
  return row as First | undefined
}

const sourceOf = ({ data }: Pick<Entry, 'data'>): string | undefined =>
  (JSON.parse(data) as { fork_of?: { execution_id: string } }).fork_of?.execution_id

// From where on a session's log is needed: by executions that have not ended, which are replayed after a crash, and by those that such
// an execution was forked from, whose answers it was given.

import type { SessionId } from '@biplane/protocol'

import { lineage } from './lineage.ts'
import type { WriteDb } from './write-db.ts'

const SELECT_UNFINISHED = `
  SELECT execution_id FROM execution INDEXED BY execution_unfinished WHERE ended_ms IS NULL AND session_id = ? LIMIT ?`

/** With more at once, nothing of the log is let go of. */
const UNFINISHED_MAX = 1_000

/** The seq of the first entry that is needed; infinite if none is. */
export function neededFrom(db: WriteDb, session: SessionId): number {
  if (db.unfinished(session) === 0) return Infinity
  const rows = db.db.all(SELECT_UNFINISHED, session, UNFINISHED_MAX + 1)
  if (rows.length > UNFINISHED_MAX) return 0
  const firsts = rows.flatMap((row) => [...lineage(db.db, row['execution_id'] as string)])
  return Math.min(...firsts.map((first) => first?.seq ?? Infinity))
}

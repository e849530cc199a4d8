import type { SessionId } from '@biplane/protocol'

import type { SessionHead } from '../port.ts'
import type { Database } from './database.ts'
import { lastPlace } from './last-place.ts'
import { indexedPosOf } from './read-entries.ts'

const SELECT = `
  SELECT session.tenant_id, session.status FROM entry JOIN session USING (tenant_id, session_id) WHERE entry.pos = ?`

/** The head as far as the log is indexed. Must be called in a transaction. */
export function readHead(db: Database, session: SessionId): { head: SessionHead | null; indexedPos: number } {
  const indexedPos = indexedPosOf(db)
  const last = lastPlace(db, session)
  if (!last) return { head: null, indexedPos }
  const row = db.get(SELECT, last.pos) as Pick<SessionHead, 'tenant_id' | 'status'>
  return { head: { tenant_id: row.tenant_id, last_seq: last.seq, status: row.status }, indexedPos }
}

// The end of a session's log: where the next entry goes, and whether one may.

import type { SessionId, TenantId } from '@biplane/protocol'

import type { SessionHead } from './write-db.ts'
import type { WriteDb } from './write-db.ts'

const SELECT_STATUS = 'SELECT status FROM session WHERE tenant_id = ? AND session_id = ?'

/** Null if the tenant has no such session. */
export function sessionHead(db: WriteDb, tenant: TenantId, session: SessionId): SessionHead | null {
  const known = db.sessions.get(session)
  if (known) return known.tenant_id === tenant ? known : null
  const row = db.db.get(SELECT_STATUS, tenant, session)
  if (!row) return null
  const head: SessionHead = {
    tenant_id: tenant,
    session_id: session,
    last_seq: lastSeq(db, session),
    status: row['status'] as SessionHead['status'],
  }
  db.sessions.set(session, head)
  return head
}

/** 0 if the session has no entries. Those of the open transaction come first, then those not indexed, then the index. */
export function lastSeq(db: WriteDb, session: SessionId): number {
  const staged = db.staged.findLast((entry) => entry.session_id === session)
  return staged?.seq ?? db.index.lastSeqIn(db.db, session)
}

import type { CreateSession, CreatedSession } from '../port.ts'
import { append } from './append.ts'
import { getSession } from './get-session.ts'
import { findKey, keepKeys } from './request-key.ts'
import { lastSeq } from './session-head.ts'
import type { WriteDb } from './write-db.ts'

const INSERT = `
  INSERT INTO session (tenant_id, session_id, user_id, metadata, status, created_ms, looked_ms)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)`

export function createSession(db: WriteDb, command: CreateSession): CreatedSession {
  const { session, key, entry } = command
  const { tenant_id, session_id, user_id, metadata, status, created_ms } = session
  db.requireLease(command.lease)
  const keys = key ? [key] : []
  const made = findKey(db.db, tenant_id, keys)
  if (made) {
    const existing = made !== 'conflict' && made.session_id && getSession(db.db, tenant_id, made.session_id)
    return existing ? { outcome: 'existing', session: existing } : { outcome: 'key_conflict' }
  }
  if (command.at_quota) return { outcome: 'quota_exceeded' }
  // Logs are found by session id alone, so an id is used once in all tenants.
  if (lastSeq(db, session_id) > 0) throw new Error(`Session ${session_id} exists already.`)
  const head = { tenant_id, session_id, last_seq: 0, status }
  db.db.run(
    INSERT,
    tenant_id,
    session_id,
    user_id ?? null,
    metadata ? JSON.stringify(metadata) : null,
    status,
    created_ms,
  )
  append(db, head, [entry])
  keepKeys(db.db, tenant_id, keys, { execution_id: null, session_id }, created_ms)
  db.sessions.set(session_id, head)
  return { outcome: 'created', session }
}

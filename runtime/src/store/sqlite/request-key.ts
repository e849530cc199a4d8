// Keys that make a request safe to repeat. One namespace in a tenant: a key names the one thing it made, whatever was asked.

import type { ExecutionId, SessionId, TenantId } from '@biplane/protocol'

import type { RequestKey } from '../port.ts'
import type { Database } from './database.ts'

/** What a key made. */
export type Made = { execution_id: ExecutionId; session_id: null } | { execution_id: null; session_id: SessionId }

const SELECT = 'SELECT body_hash, execution_id, session_id FROM request_key WHERE tenant_id = ? AND key = ?'
const INSERT = `
  INSERT OR IGNORE INTO request_key (tenant_id, key, body_hash, execution_id, session_id, made_ms)
  VALUES (?, ?, ?, ?, ?, ?)`

/** What the first of these keys that is known has made; `conflict` if that was for another body; null if none is known. */
export function findKey(db: Database, tenant: TenantId, keys: readonly RequestKey[]): Made | 'conflict' | null {
  for (const { key, body_hash } of keys) {
    const row = db.get(SELECT, tenant, key)
    if (row) return row['body_hash'] === body_hash ? (row as unknown as Made) : 'conflict'
  }
  return null
}

/** A key may be given twice in one request. */
export function keepKeys(
  db: Database,
  tenant: TenantId,
  keys: readonly RequestKey[],
  made: Made,
  made_ms: number,
): void {
  for (const { key, body_hash } of keys) {
    db.run(INSERT, tenant, key, body_hash, made.execution_id, made.session_id, made_ms)
  }
}

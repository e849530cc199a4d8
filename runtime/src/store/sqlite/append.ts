import type { NewEntry } from '../port.ts'
import { sessionClosed } from '../session-closed.ts'
import type { SessionHead, WriteDb } from './write-db.ts'

const INSERT = `
  INSERT INTO entry (pos, tenant_id, session_id, seq, execution_id, kind, type, time_ms, data, secret)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const UPDATE_STATUS = 'UPDATE session SET status = ? WHERE tenant_id = ? AND session_id = ?'

/** Appends to a session's log, in the open transaction. */
export function append(db: WriteDb, head: SessionHead, entries: readonly NewEntry[]): void {
  const { tenant_id, session_id } = head
  const tenant = db.tenant(tenant_id)
  for (const { execution_id, kind, type, time_ms, data, secret } of entries) {
    const pos = db.nextPos()
    const seq = ++head.last_seq
    const tenant_seq = ++tenant.last_seq
    db.db.run(INSERT, pos, tenant_id, session_id, seq, execution_id, kind, type, time_ms, data, secret)
    db.appended ??= { head, pos, seq, tenant_seq }
    const chars = data.length + (secret?.length ?? 0)
    db.staged.push({ tenant_id, session_id, execution_id, seq, tenant_seq, pos, chars })
  }
}

/** Closes a session that is closing, once its last execution has ended. */
export function closeIfIdle(db: WriteDb, head: SessionHead, time_ms: number): void {
  if (head.status !== 'closing' || db.unfinished(head.session_id) > 0) return
  append(db, head, [sessionClosed(time_ms)])
  setStatus(db, head, 'closed')
}

export function setStatus(db: WriteDb, head: SessionHead, status: SessionHead['status']): void {
  db.db.run(UPDATE_STATUS, status, head.tenant_id, head.session_id)
  head.status = status
}

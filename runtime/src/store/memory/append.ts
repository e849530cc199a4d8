import type { NewEntry } from '../port.ts'
import { sessionClosed } from '../session-closed.ts'
import type { SessionRecord, Tables } from './tables.ts'

/** Appends to a session's log. Answers its last seq. */
export function append(tables: Tables, session: SessionRecord, entries: readonly NewEntry[]): number {
  const { session_id, tenant_id } = session.row
  for (const { kind, type, execution_id, time_ms, data, secret } of entries) {
    const [pos, seq] = [++tables.lastPos, ++session.last_seq]
    const entry = { pos, seq, session_id, tenant_id, kind, type, execution_id, time_ms, data, secret }
    session.entries.push(entry)
    tables.logOf(tenant_id).entries.push(entry)
    if (execution_id) tables.executions.get(execution_id)?.entries.push(entry)
  }
  return session.last_seq
}

/** Closes a session that is closing, once its last execution has ended. */
export function closeIfIdle(tables: Tables, session: SessionRecord, time_ms: number): void {
  if (session.row.status !== 'closing' || session.unfinished > 0) return
  append(tables, session, [sessionClosed(time_ms)])
  session.row.status = 'closed'
}

import type { CloseSession, ClosedSession } from '../port.ts'
import { append, closeIfIdle, setStatus } from './append.ts'
import { sessionHead } from './session-head.ts'
import type { WriteDb } from './write-db.ts'

export function closeSession(db: WriteDb, command: CloseSession): ClosedSession {
  db.requireLease(command.lease)
  const head = sessionHead(db, command.tenant_id, command.session_id)
  if (!head) return { outcome: 'not_found' }
  if (head.status !== 'open') return { outcome: 'closed_before' }
  append(db, head, [command.closing])
  setStatus(db, head, 'closing')
  closeIfIdle(db, head, command.closing.time_ms)
  // `closeIfIdle` may have moved it on, which the compiler cannot see.
  return { outcome: head.status as 'closing' | 'closed' }
}

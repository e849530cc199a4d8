import type { SessionRow } from '../port.ts'
import type { Database } from './database.ts'

const SELECT = `
  SELECT tenant_id, session_id FROM session INDEXED BY session_looked
  WHERE looked_ms < ? ORDER BY looked_ms, tenant_id, session_id LIMIT ?`

export const listUncut = (
  db: Database,
  before_ms: number,
  limit: number,
): Pick<SessionRow, 'tenant_id' | 'session_id'>[] =>
  db.all(SELECT, before_ms, limit) as Pick<SessionRow, 'tenant_id' | 'session_id'>[]

import type { TenantId } from '@biplane/protocol'

import type { PageOf, SessionRow } from '../port.ts'
import type { Database } from './database.ts'
import { toSession } from './get-session.ts'
import { AFTER_ALL_IDS, pageOf } from '../page.ts'

const SELECT = `
  SELECT * FROM session WHERE tenant_id = ? AND session_id < ? ORDER BY session_id DESC LIMIT ?`

export function listSessions(db: Database, tenant: TenantId, after: string | null, limit: number): PageOf<SessionRow> {
  const rows = db.all(SELECT, tenant, after ?? AFTER_ALL_IDS, limit + 1).map(toSession)
  return pageOf(rows, limit, (row) => row.session_id)
}

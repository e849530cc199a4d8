import type { SessionId, TenantId } from '@biplane/protocol'

import type { SessionRow } from '../port.ts'
import type { Database } from './database.ts'

const SELECT = 'SELECT * FROM session WHERE tenant_id = ? AND session_id = ?'

export function getSession(db: Database, tenant: TenantId, session: SessionId): SessionRow | null {
  const row = db.get(SELECT, tenant, session)
  return row ? toSession(row) : null
}

export function toSession({ user_id, metadata, looked_ms: _looked, ...row }: Record<string, unknown>): SessionRow {
  return {
    ...(row as unknown as SessionRow),
    ...(user_id === null ? {} : { user_id: user_id as string }),
    ...(metadata === null ? {} : { metadata: JSON.parse(metadata as string) as NonNullable<SessionRow['metadata']> }),
  }
}

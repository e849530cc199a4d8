import type { SessionId, TenantId } from '@biplane/protocol'

import type { PageOf, StateRow, StateScope } from '../port.ts'
import type { Database } from './database.ts'
import { pageOf } from '../page.ts'

const SELECT = `
  SELECT key, value, revision FROM state
  WHERE scope = ?1 AND owner = ?2 AND key >= ?3 AND key IS NOT ?4 AND value IS NOT NULL ORDER BY key LIMIT ?5`

/** Keys are in the order of their bytes in UTF-8. Those with a prefix lie together, so the first without it ends them. */
export function listState(
  db: Database,
  scope: StateScope,
  owner: SessionId | TenantId,
  prefix: string,
  after: string | null,
  limit: number,
): PageOf<StateRow> {
  const rows = db.all(SELECT, scope, owner, after ?? prefix, after, limit + 1) as unknown as StateRow[]
  const end = rows.findIndex(({ key }) => !key.startsWith(prefix))
  return pageOf(end === -1 ? rows : rows.slice(0, end), limit, (row) => row.key)
}

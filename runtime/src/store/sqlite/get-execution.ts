import type { ExecutionId, TenantId } from '@biplane/protocol'

import type { ExecutionRow } from '../port.ts'
import type { Database } from './database.ts'

const SELECT = 'SELECT * FROM execution WHERE tenant_id = ? AND execution_id = ?'

export function getExecution(db: Database, tenant: TenantId, execution: ExecutionId): ExecutionRow | null {
  const row = db.get(SELECT, tenant, execution)
  return row ? toExecution(row) : null
}

export const toExecution = (row: Record<string, unknown>): ExecutionRow =>
  ({ ...row, compensated: row['compensated'] === 1 }) as ExecutionRow

import type { ExecutionId, TenantId } from '@biplane/protocol'

import type { ExecutionHead, WriteDb } from './write-db.ts'

const SELECT = 'SELECT session_id, status, compensated FROM execution WHERE tenant_id = ? AND execution_id = ?'

/** What the writer knows of an execution; read if it is not remembered. Null if the tenant has none of that id. */
export function executionHead(db: WriteDb, tenant: TenantId, execution: ExecutionId): ExecutionHead | null {
  const known = db.executions.get(execution)
  if (known) return known.tenant_id === tenant ? known : null
  const row = db.db.get(SELECT, tenant, execution)
  if (!row) return null
  const head = {
    tenant_id: tenant,
    session_id: row['session_id'],
    status: row['status'],
    compensated: row['compensated'] === 1,
    timers: true,
  } as ExecutionHead
  db.executions.set(execution, head)
  return head
}

import type { ExecutionId, TenantId } from '@biplane/protocol'

import type { RecordExecution } from '../port.ts'
import type { Database } from './database.ts'
import type { ExecutionHead } from './write-db.ts'

const INSERT = 'INSERT OR REPLACE INTO timer (tenant_id, execution_id, ordinal, due_ms) VALUES (?, ?, ?, ?)'
const DELETE = 'DELETE FROM timer WHERE tenant_id = ? AND execution_id = ? AND ordinal = ?'
const DELETE_ALL = 'DELETE FROM timer WHERE tenant_id = ? AND execution_id = ?'

export function setTimers(db: Database, command: RecordExecution, execution: ExecutionHead): void {
  const { tenant_id, execution_id } = command
  for (const ordinal of command.clear_timers) db.run(DELETE, tenant_id, execution_id, ordinal)
  for (const { ordinal, due_ms } of command.set_timers) db.run(INSERT, tenant_id, execution_id, ordinal, due_ms)
  if (command.set_timers.length > 0) execution.timers = true
}

export function clearTimers(db: Database, tenant: TenantId, execution: ExecutionId): void {
  db.run(DELETE_ALL, tenant, execution)
}

import type { ExecutionId, TenantId } from '@biplane/protocol'

import { isFinal } from '../is-final.ts'
import type { Timer } from '../port.ts'
import type { Database } from './database.ts'
import { executionHead } from './execution-head.ts'
import type { WriteDb } from './write-db.ts'

const INSERT = 'INSERT OR REPLACE INTO timer (tenant_id, execution_id, ordinal, due_ms) VALUES (?, ?, ?, ?)'
const DELETE = 'DELETE FROM timer WHERE tenant_id = ? AND execution_id = ? AND ordinal = ?'
const DELETE_ALL = 'DELETE FROM timer WHERE tenant_id = ? AND execution_id = ?'

export function setTimers(db: WriteDb, tenant: TenantId, timers: readonly Timer[]): void {
  for (const { execution_id, ordinal, due_ms } of timers) {
    const execution = executionHead(db, tenant, execution_id)
    // A timer of what has ended would be due for ever: nobody would clear it.
    if (!execution || isFinal(execution.status)) continue
    db.db.run(INSERT, tenant, execution_id, ordinal, due_ms)
    execution.timers = true
  }
}

export function clearTimer(db: Database, tenant: TenantId, execution: ExecutionId, ordinal: number): void {
  db.run(DELETE, tenant, execution, ordinal)
}

export function clearTimers(db: Database, tenant: TenantId, execution: ExecutionId): void {
  db.run(DELETE_ALL, tenant, execution)
}

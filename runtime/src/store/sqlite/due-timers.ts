import type { TenantId } from '@biplane/protocol'

import type { Timer } from '../port.ts'
import type { Database } from './database.ts'

export interface DueTimers {
  due: (Timer & { tenant_id: TenantId })[]
  next_ms: number | null
}

const SELECT = 'SELECT * FROM timer ORDER BY due_ms, tenant_id, execution_id, ordinal LIMIT ?'

export function dueTimers(db: Database, now_ms: number, limit: number): DueTimers {
  const timers = db.all(SELECT, limit + 1) as unknown as DueTimers['due']
  const due = timers.filter(({ due_ms }) => due_ms <= now_ms).slice(0, limit)
  return { due, next_ms: timers[due.length]?.due_ms ?? null }
}

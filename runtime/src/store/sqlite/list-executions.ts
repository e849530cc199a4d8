// Lists executions of a tenant, newest first. Ids sort by age, so every source below yields them in order, and a page looks at
// a bounded number of rows: it may hold fewer than asked for, or none, and still have a next.

import type { Status } from '@biplane/protocol'

import { isFinal } from '../is-final.ts'
import type { ExecutionFilter, ExecutionRow, PageOf } from '../port.ts'
import type { Database } from './database.ts'
import { toExecution } from './get-execution.ts'
import { LIST_SCAN_MAX } from './limits.ts'
import { AFTER_ALL_IDS, pageOf } from '../page.ts'

const OF_TENANT = 'SELECT * FROM execution WHERE tenant_id = ?1 AND execution_id < ?2'

const UNFINISHED = `
  SELECT * FROM execution INDEXED BY execution_unfinished
  WHERE ended_ms IS NULL AND tenant_id = ?1 AND execution_id < ?2`

// Those that are not indexed yet are found in the log itself, whose end beyond the index is short.
const OF_SESSION = `
  SELECT execution.* FROM (
    SELECT execution_id FROM (
      SELECT execution_id FROM execution_of_session WHERE session_id = ?5 AND execution_id < ?2
      ORDER BY execution_id DESC LIMIT ?6)
    UNION
    SELECT execution_id FROM entry
    WHERE pos > (SELECT value FROM meta WHERE name = 'indexed_pos') AND session_id = ?5 AND execution_id < ?2
  ) JOIN execution USING (execution_id) WHERE tenant_id = ?1`

const page = (source: string): string => `
  SELECT * FROM (${source} ORDER BY execution_id DESC LIMIT ?6)
  WHERE (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR intent_type = ?4) LIMIT ?7`

const lastSeen = (source: string): string => `
  SELECT execution_id FROM (${source} ORDER BY execution_id DESC LIMIT ?6) LIMIT 1 OFFSET ?6 - 1`

export function listExecutions(
  db: Database,
  filter: ExecutionFilter,
  after: string | null,
  limit: number,
  scanMax = LIST_SCAN_MAX,
): PageOf<ExecutionRow> {
  const { tenant_id, session_id = null, status = null, intent_type = null } = filter
  const source = sourceOf(session_id !== null, status)
  const scan = Math.max(scanMax, limit + 1)
  const values = [tenant_id, after ?? AFTER_ALL_IDS, status, intent_type, session_id, scan] as const
  const found = pageOf(db.all(page(source), ...values, limit + 1).map(toExecution), limit, (row) => row.execution_id)
  if (found.next !== null) return found
  const seen = db.get(lastSeen(source), ...values)
  return { items: found.items, next: (seen?.['execution_id'] as string | undefined) ?? null }
}

function sourceOf(ofSession: boolean, status: Status | null): string {
  if (ofSession) return OF_SESSION
  return status !== null && !isFinal(status) ? UNFINISHED : OF_TENANT
}

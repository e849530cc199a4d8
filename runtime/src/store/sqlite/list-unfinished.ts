import type { ExecutionRow, PageOf } from '../port.ts'
import type { Database } from './database.ts'
import { toExecution } from './get-execution.ts'
import { pageOf } from '../page.ts'

const SELECT = `
  SELECT * FROM execution INDEXED BY execution_unfinished
  WHERE ended_ms IS NULL AND execution_id > ? ORDER BY execution_id LIMIT ?`

export function listUnfinished(db: Database, after: string | null, limit: number): PageOf<ExecutionRow> {
  const rows = db.all(SELECT, after ?? '', limit + 1).map(toExecution)
  return pageOf(rows, limit, (row) => row.execution_id)
}

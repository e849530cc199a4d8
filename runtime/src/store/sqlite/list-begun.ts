import type { Begun, PageOf } from '../port.ts'
import type { Database } from './database.ts'
import { begunCursor, pageOf } from '../page.ts'

const SELECT = `
  SELECT execution_id, rate_lane, began_ms FROM execution INDEXED BY execution_begun
  WHERE rate_lane IS NOT NULL AND intent_type = ? AND (began_ms, execution_id) > (?, ?)
  ORDER BY began_ms, execution_id LIMIT ?`

export function listBegun(
  db: Database,
  intent_type: string,
  since_ms: number,
  after: string | null,
  limit: number,
): PageOf<Begun> {
  const [began_ms, execution_id = ''] = after?.split(' ') ?? [since_ms]
  const rows = db.all(SELECT, intent_type, Number(began_ms), execution_id, limit + 1) as unknown as Begun[]
  return pageOf(rows, limit, begunCursor)
}

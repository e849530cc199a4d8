import type { WriteDb } from './write-db.ts'

// A key was made no later than its execution ended, so only keys made before can be due.
const DELETE = `
  DELETE FROM request_key WHERE (tenant_id, key) IN (
    SELECT k.tenant_id, k.key
    FROM request_key k LEFT JOIN execution e ON e.tenant_id = k.tenant_id AND e.execution_id = k.execution_id
    WHERE k.made_ms < ?1 AND (k.execution_id IS NULL OR e.ended_ms < ?1)
    ORDER BY k.made_ms, k.tenant_id, k.key
    LIMIT ?2)`

export const sweepKeys = (db: WriteDb, command: { before_ms: number; limit: number }): number =>
  db.db.change(DELETE, command.before_ms, command.limit)

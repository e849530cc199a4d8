// Copies the write-ahead log into the file, so that it can start anew. SQLite would do it inside a commit; here it waits until
// the answers are out.

import type { Database } from './database.ts'
import { isFull } from './sqlite-error.ts'

/** Pages that are in the write-ahead log alone. */
export function pagesBehind(db: Database): number {
  const { log, checkpointed } = db.get('PRAGMA wal_checkpoint(NOOP)') as { log: number; checkpointed: number }
  return log - checkpointed
}

/**
 * Copies what it can without waiting for readers. A full disk leaves the pages where they are, as durable as before, and the
 * next call tries again.
 */
export function checkpoint(db: Database): void {
  try {
    db.get('PRAGMA wal_checkpoint(PASSIVE)')
  } catch (error) {
    if (!isFull(error)) throw error
  }
}

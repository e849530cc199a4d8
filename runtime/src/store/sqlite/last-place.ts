import type { Database } from './database.ts'
import { type Place, unpackPlaces } from './places.ts'

const SELECT_LAST_RUN = 'SELECT first, pos, places FROM entry_index WHERE scope = ? ORDER BY first DESC LIMIT 1'

/** The last place of a scope that is indexed; null if there is none. */
export function lastPlace(db: Database, scope: string): Place | null {
  const row = db.get(SELECT_LAST_RUN, scope)
  if (!row) return null
  const first = { seq: row['first'] as number, pos: row['pos'] as number }
  return unpackPlaces(first, row['places'] as Uint8Array).at(-1) ?? first
}

// Reads a scope of the log through its index. What was appended since the index was written is not seen here: `indexedPos`
// tells the reader where to go on.

import type { Entry } from '../port.ts'
import type { Database } from './database.ts'
import { READ_CHARS_MAX, READ_ENTRIES_MAX } from './limits.ts'
import { type Place, unpackPlaces } from './places.ts'

export interface ReadEntries {
  entries: Entry[]
  /** The seq of the last of them, or the one that was asked behind. */
  after: number
  /** Every entry of the scope up to this pos was seen, unless there is more. */
  indexedPos: number
  /** True if the bounds of one read ended it. */
  more: boolean
}

const SELECT_INDEXED_POS = "SELECT value FROM meta WHERE name = 'indexed_pos'"
/** The run that holds `after`, and those behind it. */
const SELECT_RUNS = `
  SELECT first, pos, places FROM entry_index
  WHERE scope = ?1 AND first >= ifnull((SELECT max(first) FROM entry_index WHERE scope = ?1 AND first <= ?2), 0)
  ORDER BY first`
const SELECT_ENTRY = 'SELECT * FROM entry WHERE pos = ?'

/** Entries of a scope after a seq, in order. (Of a tenant, a seq counts its entries.) Must be called in a transaction. */
export function readEntries(db: Database, scope: string, after: number, limit: number): ReadEntries {
  const indexedPos = indexedPosOf(db)
  const entries: Entry[] = []
  const most = Math.min(limit, READ_ENTRIES_MAX)
  let chars = 0
  let last = after
  for (const { seq, pos } of placesAfter(db, scope, after, most)) {
    const entry = db.get(SELECT_ENTRY, pos) as Entry | undefined
    if (!entry) throw new Error(`The index of the log names entry ${pos}, which is not there.`)
    entries.push(entry)
    last = seq
    chars += entry.data.length + (entry.secret?.length ?? 0)
    if (chars > READ_CHARS_MAX) return { entries, after: last, indexedPos, more: true }
  }
  return { entries, after: last, indexedPos, more: entries.length === READ_ENTRIES_MAX }
}

export const indexedPosOf = (db: Database): number => db.get(SELECT_INDEXED_POS)?.['value'] as number

/** Where the next entries are, at most `limit` of them. */
function placesAfter(db: Database, scope: string, after: number, limit: number): Place[] {
  const found: Place[] = []
  for (const row of db.each(SELECT_RUNS, scope, after)) {
    const first = { seq: row['first'] as number, pos: row['pos'] as number }
    for (const place of unpackPlaces(first, row['places'] as Uint8Array)) {
      if (place.seq > after && found.length < limit) found.push(place)
    }
    if (found.length === limit) break
  }
  return found
}

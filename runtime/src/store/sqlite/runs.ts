// The runs of a scope in the index: where its entries are, and how the index forgets those of them that were cut off.

import type { Database } from './database.ts'
import { type Place, PlacePacker, unpackPlaces } from './places.ts'

const SELECT_RUNS = 'SELECT first, pos, places FROM entry_index WHERE scope = ? ORDER BY first'
const SELECT_RUNS_BELOW = 'SELECT first, pos, places FROM entry_index WHERE scope = ? AND first < ? ORDER BY first'
const SELECT_RUN_AT =
  'SELECT first, pos, places FROM entry_index WHERE scope = ? AND pos <= ? ORDER BY first DESC LIMIT 1'
const DELETE_RUN = 'DELETE FROM entry_index WHERE scope = ? AND first = ?'
const DELETE_RUNS_BELOW = `
  DELETE FROM entry_index
  WHERE scope = ?1 AND first < (SELECT max(first) FROM entry_index WHERE scope = ?1 AND first <= ?2)`
const INSERT_RUN = 'INSERT INTO entry_index (scope, first, pos, places) VALUES (?, ?, ?, ?)'

/** The first places of a scope. */
export function* placesFrom(db: Database, scope: string, most: number): Generator<Place> {
  let left = most
  for (const row of db.each(SELECT_RUNS, scope)) {
    for (const place of placesOf(row)) {
      if (left-- === 0) return
      yield place
    }
  }
}

export const firstPlace = (db: Database, scope: string): Place | undefined => [...placesFrom(db, scope, 1)][0]

/** The place of the scope that has this pos; null if its run was dropped. */
export function placeAt(db: Database, scope: string, pos: number): number | null {
  const row = db.get(SELECT_RUN_AT, scope, pos)
  return (row && placesOf(row).find((each) => each.pos === pos)?.seq) ?? null
}

/** Forgets the places below `from`. */
export function shortenRuns(db: Database, scope: string, from: number): void {
  for (const row of db.all(SELECT_RUNS_BELOW, scope, from)) {
    const [first, ...rest] = placesOf(row).filter(({ seq }) => seq >= from)
    db.run(DELETE_RUN, scope, row['first'] as number)
    if (!first) continue
    const packer = new PlacePacker(first.seq, first.pos)
    for (const { seq, pos } of rest) packer.add(seq, pos)
    db.run(INSERT_RUN, scope, first.seq, first.pos, packer.packed())
  }
}

/** Forgets the runs that end before `place`; the last run stays, for it says where the scope ends. */
export function dropRunsBelow(db: Database, scope: string, place: number): void {
  db.run(DELETE_RUNS_BELOW, scope, place)
}

const placesOf = (row: Record<string, unknown>): Place[] =>
  unpackPlaces({ seq: row['first'] as number, pos: row['pos'] as number }, row['places'] as Uint8Array)

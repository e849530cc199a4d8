// The executions that are known, newest first, as pages of them come and come again. Ids sort by age, so a page tells of everything from
// the place that it was asked for down to its last row: what it does not name there is there no more (of a narrowed list).

import type { ExecutionSummary, Page } from '@biplane/protocol'

export interface Rows {
  items: readonly ExecutionSummary[]
  /** Where older ones go on; null if there are none. */
  older: string | null
  /** Where pages of older ones began: what is behind a row can be asked for again from there. */
  places: readonly Place[]
}

export interface Place {
  /** What the page was asked for with. */
  after: string
  /** The id of the row that it stands behind. */
  behind: string
}

/** More are not held: the oldest go when new ones come, and none are loaded. */
const ROWS_MAX = 20_000

export const isFull = ({ items }: Rows): boolean => items.length >= ROWS_MAX

/**
 * The rows with the newest page as it is now. If more than a page has come since, what is older is let go: between the two there may be
 * others.
 */
export function withNewest(rows: Rows | null, { items, next }: Page<ExecutionSummary>): Rows {
  const last = items.at(-1)
  if (rows === null || next === null || last === undefined)
    return { items: settled(rows, items), older: next, places: [] }
  const behind = rows.items.filter(({ execution_id }) => execution_id < last.execution_id)
  const newestKnown = rows.items[0]
  const isGap = newestKnown === undefined || newestKnown.execution_id < last.execution_id
  if (isGap || behind.length === 0) return { items: settled(rows, items), older: next, places: [] }
  const all = [...items, ...behind]
  if (all.length > ROWS_MAX) return cut({ ...rows, items: all }) ?? { items, older: next, places: [] }
  return { ...rows, items: settled(rows, all) }
}

/** Without the oldest page that was loaded; null if none was. */
function cut({ items, places }: Rows): Rows | null {
  const last = places.at(-1)
  if (last === undefined) return null
  const left = items.filter(({ execution_id }) => execution_id >= last.behind)
  return { items: left, older: last.after, places: places.slice(0, -1) }
}

/** With a page of older ones at its end. */
export function withOlder(rows: Rows, { items, next }: Page<ExecutionSummary>): Rows {
  const last = rows.items.at(-1)?.execution_id ?? '~'
  const older = items.filter(({ execution_id }) => execution_id < last)
  const all = [...rows.items, ...older]
  const places = rows.older === null ? rows.places : [...rows.places, { after: rows.older, behind: last }]
  return { items: all, older: next, places }
}

/** The nearest place from which a row can be asked for again; null if it is of the newest page. */
export function placeOf({ items, places }: Rows, index: number): Place | null {
  const id = items[index]?.execution_id ?? ''
  return places.findLast(({ behind }) => behind > id) ?? null
}

/** With the rows of an older page as they are now, such as those that are in view. */
export function withPart(rows: Rows, { behind: after }: Place, { items, next }: Page<ExecutionSummary>): Rows {
  const last = next === null ? '' : (items.at(-1)?.execution_id ?? after)
  const [above, below] = [
    rows.items.filter(({ execution_id }) => execution_id >= after),
    rows.items.filter(({ execution_id }) => execution_id < last),
  ]
  const part = items.filter(({ execution_id }) => execution_id < after)
  const older = below.length === 0 ? next : rows.older
  return { ...rows, items: settled(rows, [...above, ...part, ...below]), older }
}

/** A row that says the same as before is the same object, so that it is not drawn again. */
function settled(rows: Rows | null, items: readonly ExecutionSummary[]): readonly ExecutionSummary[] {
  if (rows === null) return items
  const known = new Map(rows.items.map((row) => [row.execution_id, row]))
  const merged = items.map((row) => {
    const before = known.get(row.execution_id)
    return before?.status === row.status && before.compensated === row.compensated ? before : row
  })
  const isSame = merged.length === rows.items.length && merged.every((row, index) => row === rows.items[index])
  return isSame ? rows.items : merged
}

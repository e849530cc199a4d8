// The executions that are known, newest first: pages of them, and what events make of them. Ids sort by age, so each has its place.

import type { ExecutionSummary, Page } from '@biplane/protocol'

import type { Row } from './row.ts'

export interface Rows {
  items: readonly Row[]
  /** Where older ones go on; null if there are none. */
  older: string | null
  /** Where pages of older ones began: what is behind a row can be asked for again from there. */
  places: readonly Place[]
}

interface Place {
  /** What the page was asked for with. */
  after: string
  /** The id of the row that it stands behind. */
  behind: string
}

/** More are not held: the oldest go when new ones come, and none are loaded. */
const ROWS_MAX = 20_000

export const isFull = ({ items }: Rows): boolean => items.length >= ROWS_MAX

/** The newest page, and nothing else. */
export const firstRows = ({ items, next }: Page<ExecutionSummary>): Rows => ({ items, older: next, places: [] })

/** With a page of older ones at its end. */
export function withOlder(rows: Rows, { items, next }: Page<ExecutionSummary>): Rows {
  const last = rows.items.at(-1)?.execution_id ?? '~'
  const older = items.filter(({ execution_id }) => execution_id < last)
  const all = [...rows.items, ...older]
  const places = rows.older === null ? rows.places : [...rows.places, { after: rows.older, behind: last }]
  return { items: all, older: next, places }
}

/** The row of this id, if it is held. */
export function rowIn({ items }: Rows, id: string): Row | undefined {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle] as Row).execution_id > id) low = middle + 1
    else high = middle
  }
  return items[low]?.execution_id === id ? items[low] : undefined
}

/** Whether a row of this id would stand among those that are held. What is older is loaded when somebody gets there. */
export const isInReach = ({ items, older }: Rows, id: string): boolean =>
  older === null || id > (items.at(-1)?.execution_id ?? '')

/** With these as they are now: each in its place if it fits, and gone if it does not. Null if there are too many for what is known. */
export function withRows(rows: Rows, changed: readonly Row[], fits: (row: Row) => boolean): Rows | null {
  const byId = new Map(changed.map((row) => [row.execution_id, row]))
  const kept = rows.items.flatMap((row) => {
    const now = byId.get(row.execution_id) ?? row
    byId.delete(row.execution_id)
    return now === row || fits(now) ? [now] : []
  })
  const added = [...byId.values()].filter((row) => fits(row) && isInReach(rows, row.execution_id))
  const items = [...added.sort(newestFirst), ...kept]
  const isInOrder = added.length === 0 || kept.length === 0 || newestFirst(added.at(-1) as Row, kept[0] as Row) < 0
  const all = { ...rows, items: isInOrder ? items : items.sort(newestFirst) }
  return items.length > ROWS_MAX ? cut(all) : all
}

const newestFirst = (a: Row, b: Row): number => (a.execution_id > b.execution_id ? -1 : 1)

/** Without the oldest page that was loaded; null if none was. */
function cut({ items, places }: Rows): Rows | null {
  const last = places.at(-1)
  if (last === undefined) return null
  const left = items.filter(({ execution_id }) => execution_id >= last.behind)
  return { items: left, older: last.after, places: places.slice(0, -1) }
}

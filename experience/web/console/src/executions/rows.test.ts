import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ExecutionSummary, Page, Status } from '@biplane/protocol'

import { type Rows, placeOf, withNewest, withOlder, withPart } from './rows.ts'

const row = (id: number, status: Status = 'completed') =>
  ({ execution_id: `exe_${String(id).padStart(5, '0')}`, status, compensated: false }) as ExecutionSummary
/** From `first` down to `last`. */
const span = (first: number, last: number, status?: Status) =>
  Array.from({ length: first - last + 1 }, (_, i) => row(first - i, status))
const page = (items: ExecutionSummary[], next: string | null = items.at(-1)?.execution_id ?? null) =>
  ({ items, next }) as Page<ExecutionSummary>
const ids = ({ items }: Rows) => items.map(({ execution_id }) => Number(execution_id.slice(4)))

test('what is new comes on top of what was there, and what was read of older ones stays', () => {
  let rows = withNewest(null, page(span(10, 6)))
  rows = withOlder(rows, page(span(5, 1), null))
  rows = withNewest(rows, page(span(12, 8)))
  assert.deepEqual(ids(rows), [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  assert.equal(rows.older, null)
})

test('when more than a page has come, nothing is shown as if it stood next to what it does not', () => {
  let rows = withNewest(null, page(span(10, 6)))
  rows = withNewest(rows, page(span(30, 26)))
  assert.deepEqual(ids(rows), [30, 29, 28, 27, 26])
  assert.equal(rows.older, 'exe_00026')
})

test('of a narrowed list, what no longer fits is gone, at its end too', () => {
  let rows = withNewest(null, page(span(10, 1, 'running'), null))
  rows = withNewest(rows, page([row(9, 'running')], null))
  assert.deepEqual(ids(rows), [9])
  rows = withNewest(null, page(span(10, 6)))
  rows = withOlder(rows, page(span(5, 1), null))
  rows = withPart(rows, placeOf(rows, 7)!, page([row(4), row(2)], null))
  assert.deepEqual(ids(rows), [10, 9, 8, 7, 6, 4, 2])
})

test('rows in the middle are read again without losing those around them', () => {
  let rows = withNewest(null, page(span(10, 6)))
  rows = withOlder(rows, page(span(5, 4)))
  rows = withOlder(rows, page(span(3, 1), null))
  assert.equal(placeOf(rows, 2), null)
  rows = withPart(rows, placeOf(rows, 6)!, page(span(5, 4, 'failed')))
  assert.deepEqual(ids(rows), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  assert.deepEqual(
    rows.items.filter(({ status }) => status === 'failed').map(({ execution_id }) => execution_id),
    ['exe_00005', 'exe_00004'],
  )
})

test('an answer that says nothing new is no change', () => {
  const rows = withNewest(null, page(span(10, 6)))
  assert.equal(withNewest(rows, page(span(10, 6))).items, rows.items)
  assert.notEqual(withNewest(rows, page([row(10, 'failed'), ...span(9, 6)])).items, rows.items)
})

test('a list that is as long as it may be lets the oldest go, and they can be asked for again', () => {
  let rows = withNewest(null, page(span(30_000, 29_900)))
  rows = withOlder(rows, page(span(29_899, 11_000)))
  rows = withOlder(rows, page(span(10_999, 10_000)))
  rows = withNewest(rows, page(span(30_100, 29_950)))
  assert.deepEqual([rows.items[0]?.execution_id, rows.items.at(-1)?.execution_id], ['exe_30100', 'exe_11000'])
  assert.equal(rows.older, 'exe_11000')
})

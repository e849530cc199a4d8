import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ExecutionSummary, Page, Status } from '@biplane/protocol'

import type { Row } from './row.ts'
import { type Rows, firstRows, rowIn, withOlder, withRows } from './rows.ts'

const idOf = (id: number) => `exe_${String(id).padStart(5, '0')}`
const row = (id: number, status: Status = 'completed') =>
  ({ execution_id: idOf(id), status, compensated: false }) as Row
/** From `first` down to `last`. */
const span = (first: number, last: number, status?: Status) =>
  Array.from({ length: first - last + 1 }, (_, i) => row(first - i, status))
const page = (items: Row[], next: string | null = items.at(-1)?.execution_id ?? null) =>
  ({ items, next }) as Page<ExecutionSummary>
const ids = ({ items }: Rows) => items.map(({ execution_id }) => Number(execution_id.slice(4)))
const any = () => true
const changed = (rows: Rows, all: Row[], fits: (row: Row) => boolean = any) =>
  withRows(rows, all, fits) ?? assert.fail('too many')

test('what is new comes on top of what was there, in whichever order it was told, and what was read of older ones stays', () => {
  const rows = withOlder(firstRows(page(span(10, 6))), page(span(5, 1), null))
  assert.deepEqual(ids(changed(rows, [row(12), row(13), row(11)])), [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  assert.equal(rows.older, null)
})

test('a row that changes stays in its place, and the others are the same objects, so that they are not drawn again', () => {
  const rows = firstRows(page(span(10, 6, 'running')))
  const after = changed(rows, [row(8, 'failed')])
  assert.deepEqual(ids(after), [10, 9, 8, 7, 6])
  assert.deepEqual(
    after.items.map((one, index) => one === rows.items[index]),
    [true, true, false, true, true],
  )
  assert.deepEqual([rowIn(after, idOf(8))?.status, rowIn(after, idOf(5))], ['failed', undefined])
})

test('of a narrowed list, what no longer fits is gone, and what comes to fit stands where its age puts it', () => {
  const isRunning = ({ status }: Row) => status === 'running'
  const rows = firstRows(page([row(9, 'running'), row(7, 'running'), row(4, 'running')]))
  const after = changed(rows, [row(7), row(5, 'running'), row(10, 'accepted'), row(11, 'running')], isRunning)
  assert.deepEqual(ids(after), [11, 9, 5, 4])
})

test('what is older than all that was read is left to the page that it is on', () => {
  const rows = firstRows(page(span(10, 6)))
  assert.deepEqual(ids(changed(rows, [row(3)])), ids(rows))
  assert.deepEqual(ids(changed({ ...rows, older: null }, [row(3)])), [10, 9, 8, 7, 6, 3])
})

test('a list that is as long as it may be lets the oldest go, and they can be asked for again', () => {
  let rows = firstRows(page(span(30_000, 29_900)))
  rows = withOlder(rows, page(span(29_899, 11_000)))
  rows = withOlder(rows, page(span(10_999, 10_000)))
  rows = changed(rows, span(30_100, 30_001))
  assert.deepEqual([rows.items[0]?.execution_id, rows.items.at(-1)?.execution_id], ['exe_30100', 'exe_11000'])
  assert.equal(rows.older, 'exe_11000')
  assert.equal(withRows(firstRows(page(span(20_100, 101))), [row(30_000)], any), null)
})

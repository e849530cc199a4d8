import assert from 'node:assert/strict'
import { test } from 'node:test'

import { columnsBetween, startsOf, widthsOf } from './columns.ts'

const STARTS = startsOf([100, 50, 200])

test('the columns in view are those with a pixel between its edges', () => {
  assert.deepEqual(STARTS, [0, 100, 150, 350])
  assert.deepEqual(columnsBetween(STARTS, 0, 99), [0, 0])
  assert.deepEqual(columnsBetween(STARTS, 99, 150), [0, 2])
  assert.deepEqual(columnsBetween(STARTS, 120, 130), [1, 1])
  assert.deepEqual(columnsBetween(STARTS, -200, 9_999), [0, 2])
})

test('a column is as wide as its name and values want it, within bounds', () => {
  const columns = [
    { name: 'id', type: 'BIGINT' },
    { name: 'note', type: 'VARCHAR' },
    { name: 'a name '.repeat(20), type: 'DATE' },
  ]
  const [id = 0, note = 0, long = 0] = widthsOf(columns, [[1, 'some words of a note', null]])
  assert.ok(id < note && note < long)
  assert.deepEqual(widthsOf([{ name: 'x'.repeat(500), type: 'DATE' }], []), [long])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { placeAfter } from './grid-keys.ts'

const BOUNDS = { rows: 1_000_000, columns: 5, page: 20 }
const AT = { row: 10, column: 2 }

test('keys go by cell, by page and to the ends, and never out of the grid', () => {
  const led = (key: string, isCtrl = false, at = AT) => {
    const { row, column } = placeAfter(key, isCtrl, at, BOUNDS) ?? { row: -1, column: -1 }
    return [row, column]
  }
  assert.deepEqual(led('ArrowDown'), [11, 2])
  assert.deepEqual(led('ArrowLeft'), [10, 1])
  assert.deepEqual(led('PageDown'), [30, 2])
  assert.deepEqual(led('PageUp'), [0, 2])
  assert.deepEqual(led('Home'), [10, 0])
  assert.deepEqual(led('End'), [10, 4])
  assert.deepEqual(led('Home', true), [0, 0])
  assert.deepEqual(led('End', true), [999_999, 4])
  assert.deepEqual(led('ArrowDown', false, { row: 999_999, column: 4 }), [999_999, 4])
  assert.deepEqual(led('ArrowRight', false, { row: 0, column: 4 }), [0, 4])
})

test('other keys are left to the page', () => {
  for (const key of ['a', 'Tab', 'Enter', '/']) assert.equal(placeAfter(key, false, AT, BOUNDS), null)
})

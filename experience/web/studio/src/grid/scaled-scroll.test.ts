import assert from 'node:assert/strict'
import { test } from 'node:test'

import { rowsTopAfter, rowsTopAt, scaleOf, scrolledAt } from './scaled-scroll.ts'

const VIEW_PX = 500
const FEW = scaleOf(10_000)
const MANY = scaleOf(32_000_000)

test('rows that fit into an element are scrolled as they are', () => {
  assert.equal(FEW.boxPx, 10_000)
  for (const scrolled of [0, 17, 9_500]) assert.equal(rowsTopAt(FEW, scrolled, VIEW_PX), scrolled)
})

test('more rows than any element is tall are all reached, and the first and last ones pixel by pixel', () => {
  const [rowsEnd, boxEnd] = [MANY.rowsPx - VIEW_PX, MANY.boxPx - VIEW_PX]
  assert.ok(MANY.boxPx < 16_000_000)
  assert.equal(rowsTopAt(MANY, 0, VIEW_PX), 0)
  assert.equal(rowsTopAt(MANY, boxEnd, VIEW_PX), rowsEnd)
  assert.equal(rowsTopAt(MANY, 321, VIEW_PX), 321)
  assert.equal(rowsTopAt(MANY, boxEnd - 321, VIEW_PX), rowsEnd - 321)
})

test('what is in view leads back to the same place of the scrollbar, and further down is further down', () => {
  let before = -1
  for (let rowsTop = 0; rowsTop <= MANY.rowsPx - VIEW_PX; rowsTop += 31_999) {
    const scrolled = scrolledAt(MANY, rowsTop, VIEW_PX)
    assert.ok(scrolled > before, `${rowsTop}`)
    assert.ok(Math.abs(rowsTopAt(MANY, scrolled, VIEW_PX) - rowsTop) < 0.01, `${rowsTop}`)
    before = scrolled
  }
})

test('a turn of the wheel skips no row, a drag of the scrollbar goes as far as it says', () => {
  const at = { scrolled: 4_000_000, rowsTop: rowsTopAt(MANY, 4_000_000, VIEW_PX) }
  assert.equal(rowsTopAfter(MANY, at, 4_000_120, VIEW_PX), at.rowsTop + 120)
  assert.equal(rowsTopAfter(MANY, at, 3_999_880, VIEW_PX), at.rowsTop - 120)
  assert.equal(rowsTopAfter(MANY, at, 6_000_000, VIEW_PX), rowsTopAt(MANY, 6_000_000, VIEW_PX))
})

test('the end of the scrollbar is the last row, wherever steps have led', () => {
  const at = { scrolled: MANY.boxPx - VIEW_PX - 100, rowsTop: 1_000_000 }
  assert.equal(rowsTopAfter(MANY, at, MANY.boxPx - VIEW_PX, VIEW_PX), MANY.rowsPx - VIEW_PX)
})

test('less than is in view at once stands still', () => {
  assert.equal(rowsTopAt(scaleOf(64), 0, VIEW_PX), 0)
  assert.equal(scrolledAt(scaleOf(64), 0, VIEW_PX), 0)
})

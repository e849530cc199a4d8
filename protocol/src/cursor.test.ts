import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { cursorAfter, presentCursor } from './cursor.ts'

const NOW_MS = Date.UTC(2026, 5, 1)
const present = presentCursor(NOW_MS)

test('a cursor never goes back: the answer is the present, or later than what was sent, by an hour at most', () => {
  const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: present * 2 }), chances, (sent, chance) => {
      const next = cursorAfter(String(sent), NOW_MS, () => chance)
      if (sent < present) assert.equal(next, present)
      else assert.ok(next > sent && next <= sent + 180)
    }),
  )
})

test('what is no cursor counts as none', () => {
  for (const sent of [undefined, '', 'abc', '-1', '1.5', '9'.repeat(40)]) {
    assert.equal(
      cursorAfter(sent, NOW_MS, () => 0.5),
      present,
    )
  }
  assert.equal(presentCursor(NOW_MS + 20_000), present + 1)
})

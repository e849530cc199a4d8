import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import { agoOf, aheadOf, clockOf, momentOf, withLocalMoments } from './moment.ts'

const NOW = Date.parse('2026-01-31T09:30:00.000Z')
const at = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString()

before(() => (process.env['TZ'] = 'Asia/Tokyo'))

test('moments are told in the zone of who reads them, with the day unless it is today', () => {
  assert.equal(clockOf(at(0)), '18:30:00')
  assert.equal(momentOf(at(-60), NOW), '18:29:00')
  assert.equal(momentOf(at(8 * 3600), NOW), '2026-02-01 02:30:00')
  assert.match(
    withLocalMoments('the approval, until 2020-01-31T20:00:00.000Z.'),
    /^the approval, until 2020-02-01 05:00:00\.$/,
  )
})

test('what is recent is told by how long ago it is', () => {
  const told = [0, -4, -12, -59, -61, -3_700, -86_399].map((seconds) => agoOf(at(seconds), NOW))
  assert.deepEqual(told, ['just now', 'just now', '12 s ago', '59 s ago', '1 min ago', '1 h ago', '23 h ago'])
  assert.equal(agoOf(at(-86_400), NOW), '2026-01-30 18:30:00')
  // A clock that goes wrong by minutes is not "just now".
  assert.equal(agoOf(at(600), NOW), '18:40:00')
})

test('what is to come soon is told by how long it takes', () => {
  const told = [0, 5, 90, 7_300].map((seconds) => aheadOf(at(seconds), NOW))
  assert.deepEqual(told, ['now', 'in 5 s', 'in 1 min', 'in 2 h'])
  assert.equal(aheadOf(at(86_400), NOW), 'at 2026-02-01 18:30:00')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { agoInWords, durationInWords } from './in-words.ts'

const NOW = Date.parse('2026-11-24T16:00:00Z')
const at = (secondsAgo: number) => agoInWords(NOW - secondsAgo * 1000, NOW)

test('a time is told as a person would, and never as more than it is', () => {
  assert.deepEqual([0, 9, 10, 59, 60, 119, 3600, 86_399, 86_400, 6 * 86_400].map(at), [
    'just now',
    'just now',
    '10 seconds ago',
    '59 seconds ago',
    '1 minute ago',
    '1 minute ago',
    '1 hour ago',
    '23 hours ago',
    'yesterday',
    '6 days ago',
  ])
  assert.equal(at(-7200), 'in 2 hours')
})

test('beyond a week it is a date, with its year if that is another', () => {
  assert.equal(at(8 * 86_400), '16 Nov')
  assert.equal(at(400 * 86_400), '20 Oct 2025')
})

test('a duration has its two largest units', () => {
  assert.deepEqual(
    [0, 850, 1000, 4260, 59_999, 60_000, 200_000, 3_600_000, 7_500_000, 90_000_000].map(durationInWords),
    ['0 ms', '850 ms', '1 s', '4.2 s', '59.9 s', '1 min', '3 min 20 s', '1 h', '2 h 5 min', '1 d 1 h'],
  )
})

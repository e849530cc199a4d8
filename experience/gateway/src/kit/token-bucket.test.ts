import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createBuckets } from './token-bucket.ts'

test('a bucket gives its burst at once, then one whenever its rate has brought it', () => {
  let nowMs = 1_000
  const buckets = createBuckets({ perSecond: 2, burst: 3 }, () => nowMs)
  const take = () => buckets.take('ada')
  assert.deepEqual(
    [take(), take(), take()].map(({ isAllowed, remaining }) => [isAllowed, remaining]),
    [
      [true, 2],
      [true, 1],
      [true, 0],
    ],
  )
  assert.deepEqual(take(), { isAllowed: false, remaining: 0, fullInS: 1.5, nextInS: 0.5 })
  nowMs += 499
  assert.equal(take().isAllowed, false, 'asking in vain costs nothing')
  nowMs += 1
  assert.equal(take().isAllowed, true)
  nowMs += 3_600_000
  assert.equal(take().remaining, 2, 'a pause fills it to its burst, not beyond')
  assert.equal(buckets.take('grace').remaining, 2, 'everybody has their own')
})

test('callers without end make no buckets without end: the least used is forgotten, and is full again', () => {
  const buckets = createBuckets({ perSecond: 1, burst: 1 }, () => 0)
  buckets.take('first')
  for (let i = 0; i < 9_999; i++) buckets.take(`caller ${i}`)
  assert.equal(buckets.take('first').isAllowed, false, 'ten thousand are known')
  for (let i = 0; i < 10_000; i++) buckets.take(`another ${i}`)
  assert.equal(buckets.take('first').isAllowed, true)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isLopsided, timeScale } from './time-scale.ts'

test('even, a time stands where it is', () => {
  const { at, timeAt } = timeScale([100, 200, 150, 300], false)
  assert.deepEqual([100, 150, 175, 300].map(at), [0, 0.25, 0.375, 1])
  assert.deepEqual([0, 0.25, 1].map(timeAt), [100, 150, 300])
})

test('shortened, what is short between long waits can be seen, and the order stays', () => {
  const hour = 3_600_000
  const times = [0, 10, 20, hour]
  assert.ok(isLopsided(times))
  const { at } = timeScale(times, true)
  assert.ok(at(10) > 0.1 && at(20) > at(10) && at(hour) === 1, JSON.stringify(times.map(at)))
})

test('one moment alone is a place too', () => {
  assert.equal(timeScale([5], false).at(5), 0)
  assert.equal(timeScale([5], true).timeAt(1), 5)
  assert.equal(isLopsided([1, 2, 3, 4]), false)
})

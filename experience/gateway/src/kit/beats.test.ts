import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createBeats } from './beats.ts'

test('each of many is called again and again, never all at once, and no more when it has stopped', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const beat = createBeats(1_000)
  const called = new Map<number, number>()
  const stops = Array.from({ length: 300 }, (_, i) => beat(() => called.set(i, (called.get(i) ?? 0) + 1)))
  t.mock.timers.tick(10)
  assert.ok(called.size < 30, `${called.size} in one hundredth of the time`)
  t.mock.timers.tick(1_990)
  assert.deepEqual(new Set(called.values()), new Set([2]))
  assert.equal(called.size, 300)
  for (const stop of stops) stop()
  t.mock.timers.tick(5_000)
  assert.deepEqual(new Set(called.values()), new Set([2]))
})

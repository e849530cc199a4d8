import assert from 'node:assert/strict'
import { test } from 'node:test'

import { backoffMs, pause } from './backoff.ts'

test('pauses double up to their bound, and half of each is left to chance', () => {
  const backoff = { baseMs: 100, maxMs: 1_000 }
  for (const [failures, full] of [1, 2, 3, 4, 5, 50].map((n) => [n, Math.min(1_000, 100 * 2 ** (n - 1))] as const)) {
    for (let i = 0; i < 50; i++) {
      const ms = backoffMs(failures, backoff)
      assert.ok(ms >= full / 2 && ms <= full, `${failures} failures: ${ms} ms`)
    }
  }
})

test('a pause ends at once when its signal aborts, with the reason of the signal', async () => {
  const stop = new AbortController()
  const paused = pause(60_000, stop.signal)
  stop.abort(new Error('enough'))
  await assert.rejects(paused, /enough/)
  await assert.rejects(pause(60_000, stop.signal), /enough/)
})

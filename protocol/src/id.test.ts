import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ExecutionId, IntentId, SessionId } from './id.ts'
import { newExecutionId, newIntentId, newSessionId } from './mint-id.ts'

const source = (now: number, chance: number) => ({
  now: () => now,
  bytes: (count: number) => new Uint8Array(count).fill(chance),
})

test('ids fit their schemas and tell what they name', () => {
  const at = source(1_790_000_000_000, 7)
  assert.equal(SessionId.parse(newSessionId(at)), newSessionId(at))
  assert.equal(IntentId.parse(newIntentId(at)), newIntentId(at))
  assert.equal(ExecutionId.parse(newExecutionId(at)), newExecutionId(at))
  assert.equal(SessionId.safeParse(newIntentId(at)).success, false)
})

test('ids sort by the moment they were made', () => {
  const moments = [0, 1, 31, 32, 1_790_000_000_000, 1_790_000_000_001, 2 ** 47]
  const ids = moments.map((now, index) => newExecutionId(source(now, 31 - index)))
  assert.deepEqual(ids.toSorted(), ids)
})

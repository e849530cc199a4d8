import assert from 'node:assert/strict'
import { test } from 'node:test'

import { TRANSITIONS, isFinal, mayFollow } from './life.ts'
import { FINAL_STATUSES, STATUSES } from './status.ts'

test('a final status has no successor, and every other one leads to an end', () => {
  assert.deepEqual(STATUSES.filter(isFinal), [...FINAL_STATUSES])
  for (const status of STATUSES.filter((one) => !isFinal(one))) {
    const reached = new Set(TRANSITIONS[status])
    for (const next of reached) for (const further of TRANSITIONS[next]) reached.add(further)
    assert.ok([...reached].some(isFinal), `${status} can end`)
  }
})

test('what has ended stays as it ended', () => {
  for (const final of FINAL_STATUSES)
    for (const other of STATUSES) assert.equal(mayFollow(final, other), final === other)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Records } from './record.ts'

const event = (seq: number, type = 'soak.said') => ({ seq, session_id: 'ses_a', type })

test('what is in order and the same for everybody is right', () => {
  const records = new Records()
  for (const who of ['one', 'two']) [1, 2, 3].reduce((last, seq) => records.take(who, 'ses_a', last, event(seq)), 0)
  assert.deepEqual(records.counts, { events: 6, missed: 0, repeated: 0, other: 0 })
})

test('a gap, a repetition, a swap, another event and one of another session are each told', () => {
  const records = new Records()
  records.take('one', 'ses_a', 0, event(2))
  records.take('one', 'ses_a', 2, event(2))
  records.take('one', 'ses_a', 2, event(1))
  records.take('two', 'ses_a', 0, event(1, 'soak.lied'))
  records.take('two', 'ses_b', 1, event(2))
  assert.deepEqual(records.counts, { events: 5, missed: 1, repeated: 2, other: 2 })
  assert.equal(records.wrongs.length, 5)
})

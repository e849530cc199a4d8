import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Event, Execution } from '@biplane/protocol'

import { whyOf } from './why.ts'

const NOTHING = {
  status: 'running',
  compensated: false,
  waits_for: null,
  error: null,
  steps: [],
  children: [],
  awaits: [],
}
const why = (about: object, events: object[] = []) =>
  whyOf({ ...NOTHING, ...about } as unknown as Execution, events as Event[])
const failed = { code: 'shop.card', message: 'The card is refused' }

test('every status says why in a sentence', () => {
  assert.equal(
    why({ status: 'accepted', waits_for: 'a free slot: 1 of 1 are in use' }).text,
    'Queued: it waits for a free slot: 1 of 1 are in use.',
  )
  const paused = { kind: 'lifecycle', type: 'execution.paused', data: { by: 'ada', reason: 'the bank is closed' } }
  assert.equal(why({ status: 'paused' }, [paused]).text, 'Paused by ada: the bank is closed.')
  assert.match(why({ status: 'parked', error: failed }).text, /cannot go on by itself: The card is refused\. Mend that/)
  assert.match(
    why({ status: 'failed', error: failed, compensated: true }).text,
    /refused\. All that it did was taken back\./,
  )
  assert.match(
    why({ status: 'waiting', awaits: [{ ordinal: 1, name: 'paid' }] }).text,
    /^It waits for the signal “paid”\.$/,
  )
  const approval = { title: 'Ship it?', assignee: 'finance' }
  assert.equal(
    why({ status: 'waiting', awaits: [{ ordinal: 1, name: 'go', approval }] }).text,
    'It waits for a decision of finance: Ship it?',
  )
})

test('a step that is between two attempts is told with what went wrong, and when it is due in the zone of who reads', () => {
  const steps = [{ ordinal: 0, name: 'charge', status: 'retrying', attempts: 2, error: failed }]
  const { text } = why({ steps, waits_for: 'the next attempt of step charge, at 2026-11-24T10:00:00.000Z' })
  assert.match(
    text,
    /^Attempt 2 of “charge” failed: The card is refused\. It waits for the next attempt .* 24 Nov 2026, /,
  )
})

test('what waits for a child leads to it', () => {
  const children = [{ ordinal: 0, execution_id: 'exe_2', intent_type: 'shop.pack', detached: false }]
  const { leadsTo } = why({ status: 'waiting', children, waits_for: 'its child shop.pack (exe_2)' })
  assert.equal(leadsTo, 'exe_2')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { intent } from '@biplane/realm'
import * as z from 'zod'

import { FlowControl } from './flow-control.ts'
import { LANES_MAX } from './limits.ts'
import { placeOf } from './place.ts'
import { planOf } from './plan.ts'

const rate = { times: 1, per: '1h' } as const
const clock = { now: () => 1_000, after: () => () => {} }
const isNew = { isNew: true, isAgain: false }

const lane = (key: string) => ({ lane: `job.do ${key}`, priority: 0, first_ms: null })

test('keys that say something are bounded: one more is overload, but for those that are known and for children', () => {
  const host = { start: () => {}, supersede: () => {} }
  const flow = new FlowControl(clock, () => planOf({ rate }), host)
  flow.open()
  // Each has begun, and is remembered for an hour.
  for (let n = 0; n < LANES_MAX; n++) flow.arrive('acme', lane(String(n)), isNew)
  assert.throws(() => flow.arrive('acme', lane('another'), isNew), { code: 'overloaded' })
  assert.ok(flow.arrive('acme', lane('0'), isNew).isQueued)
  assert.ok(flow.arrive('acme', lane('another'), { ...isNew, isNew: false }).slot)
  flow.close()
})

test('a key of any length is a short lane, and equal keys are one', () => {
  const definition = intent('job.do', {
    payload: z.string(),
    result: z.null(),
    limit: { rate, key: ({ payload }) => payload },
    run: async () => null,
  })
  const of = (payload: string) => placeOf(definition, { tenant_id: 'acme', session_id: 'ses_1' }, payload).lane ?? ''
  const long = 'x'.repeat(100_000)
  assert.ok(of(long).length < 100)
  assert.equal(of(long), of('x'.repeat(100_000)))
  assert.notEqual(of(long), of(`${long}y`))
  assert.equal(of('short'), 'job.do short')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Capability } from '@biplane/protocol'
import { type Limit, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { catalogueOf } from './catalogue.ts'

const limitOf = (limit?: Limit<null>) => {
  const definition = intent('job.do', {
    payload: z.null(),
    result: z.null(),
    ...(limit && { limit }),
    run: async () => null,
  })
  const { capabilities } = catalogueOf([defineRealm({ name: 'job', version: '1', capabilities: [definition] })])
  return Capability.parse(capabilities[0]).limit
}

test('the catalogue says how a capability is throttled, in numbers', () => {
  assert.equal(limitOf(), undefined)
  assert.deepEqual(limitOf({ concurrency: 4, priority: () => 1 }), {
    by_key: false,
    by_priority: true,
    concurrency: 4,
  })
  assert.deepEqual(limitOf({ serial: true, key: () => 'x', rate: { times: 10, per: '1m' } }), {
    by_key: true,
    by_priority: false,
    serial: true,
    rate: { times: 10, per_ms: 60_000 },
  })
  assert.deepEqual(limitOf({ debounce: { quiet: '2s', atMost: '1m' } })?.debounce, {
    quiet_ms: 2_000,
    at_most_ms: 60_000,
  })
  assert.deepEqual(limitOf({ debounce: { quiet: '2s' } })?.debounce, { quiet_ms: 2_000 })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as z from 'zod'

import type { Duration } from './context.ts'
import { defineRealm, intent } from './define.ts'
import type { Limit } from './limit.ts'

const defined = (limit: unknown, timeout?: Duration) =>
  defineRealm({
    name: 'job',
    version: '1',
    capabilities: [
      intent('job.do', {
        payload: z.null(),
        result: z.null(),
        limit: limit as Limit<null>,
        ...(timeout === undefined ? {} : { timeout }),
        run: async () => null,
      }),
    ],
  })

const REFUSED: [object, RegExp][] = [
  [{}, /The limit of job.do: say what it limits: concurrency, serial, rate or debounce/],
  [{ key: () => 'x' }, /say what it limits/],
  [{ concurrency: 0 }, /concurrency must be a whole number from 1 to 100000, not 0/],
  [{ concurrency: 1.5 }, /concurrency must be a whole number/],
  [{ concurrency: Number.NaN }, /concurrency must be a whole number/],
  [{ serial: true, concurrency: 2 }, /serial is one at a time already/],
  [{ rate: { times: 0, per: '1s' } }, /rate.times must be a whole number from 1 to 10000, not 0/],
  [{ rate: { times: 1, per: 0 } }, /rate.per must be from 1ms to 31d, not 0/],
  [{ rate: { times: 1, per: 'soon' } }, /rate.per must be from 1ms to 31d, not soon/],
  [{ rate: { times: 1, per: '32d' } }, /rate.per must be/],
  [{ debounce: { quiet: 0 } }, /debounce.quiet must be from 1ms to 7d, not 0/],
  [{ debounce: { quiet: '5s', atMost: '1s' } }, /debounce.atMost must not be shorter than debounce.quiet/],
  [{ debounce: { quiet: '5s', atMost: '8d' } }, /debounce.atMost must be from 1ms to 7d, not 8d/],
]

test('a limit that makes no sense is refused where it is defined, with the rule that it breaks', () => {
  for (const [limit, rule] of REFUSED) assert.throws(() => defined(limit), rule)
  assert.throws(() => defined({ debounce: { quiet: '5s' } }, '5s'), /nothing of it would ever begin/)
  assert.throws(() => defined({ concurrency: 1 }, 'never' as Duration), /The timeout of job.do: A duration looks like/)
})

test('a limit may say all of it at once', () => {
  const rate = { times: 10, per: '1m' } as const
  assert.ok(defined({ concurrency: 4, rate, debounce: { quiet: '1s', atMost: '1m' }, priority: () => 1 }, '1h'))
  assert.ok(defined({ serial: true, rate, debounce: { quiet: '1s' } }))
})

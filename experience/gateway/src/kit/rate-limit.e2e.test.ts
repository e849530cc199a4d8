import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import type { Problem } from '@biplane/protocol'

import { ConfigurationError } from './configuration-error.ts'
import { type GuardedHouse, openGuardedHouse } from '../testing/guarded-house.ts'
import { createLimits } from './rate-limit.ts'

let house: GuardedHouse
/** So slow that nothing comes back while a test runs. */
const perSecond = 0.01

before(async () => {
  const rate = { tenant: { perSecond, burst: 5 }, subject: { perSecond, burst: 3 }, failures: { perSecond, burst: 4 } }
  house = await openGuardedHouse(async () => ({ rate }))
})
after(() => house[Symbol.asyncDispose]())

const codeOf = ({ body }: { body: unknown }) => (body as Problem).code
const list = async (tenant: string, subject: string) =>
  house.call('GET', '/v1/session', undefined, await house.bearer({ tenant, subject }))

test('a caller is told what is left, and when to come again; the others of the tenant go on until it has nothing left', async () => {
  const first = await list('acme', 'ada')
  assert.equal(first.headers.get('ratelimit-policy'), '"subject";q=3;w=300, "tenant";q=5;w=500')
  assert.equal(first.headers.get('ratelimit'), '"subject";r=2;t=100, "tenant";r=4;t=100')
  assert.deepEqual([(await list('acme', 'ada')).status, (await list('acme', 'ada')).status], [200, 200])
  const over = await list('acme', 'ada')
  assert.deepEqual([over.status, codeOf(over)], [429, 'rate_limited'])
  assert.equal(over.headers.get('retry-after'), '100')
  assert.match(over.headers.get('ratelimit') ?? '', /^"subject";r=0;t=\d+$/)
  assert.deepEqual([(await list('acme', 'grace')).status, (await list('acme', 'grace')).status], [200, 200])
  const none = await list('acme', 'grace')
  assert.deepEqual([none.status, codeOf(none)], [429, 'rate_limited'])
  assert.match((none.body as Problem).detail, /tenant/)
  assert.equal((await list('rival', 'ada')).status, 200)
})

test('what tells how the gateway is, and what it can do, is never limited', async () => {
  for (let i = 0; i < 10; i++) {
    for (const path of ['/health', '/v1/capabilities']) assert.equal((await house.call('GET', path)).status, 200)
  }
})

test('credentials that do not hold are answered less and less; one that holds always comes through', async () => {
  const guess = () => house.call('GET', '/v1/session', undefined, { authorization: 'Bearer nonsense' })
  for (let i = 0; i < 4; i++) assert.equal((await guess()).status, 401)
  const over = await guess()
  assert.deepEqual([over.status, codeOf(over), over.headers.get('retry-after')], [429, 'rate_limited', '100'])
  assert.equal((await list('quiet', 'ada')).status, 200)
  assert.equal((await house.call('GET', '/v1/session')).status, 401, 'who shows nothing has not failed')
})

test('an open gateway limits nothing by itself, and what is configured cannot be nonsense', () => {
  const headers = {}
  const open = createLimits({}, true)
  for (let i = 0; i < 5_000; i++) open.take(headers, 'acme', undefined)
  assert.deepEqual(open.headersFor(headers), {})
  for (const rate of [
    { perSecond: 0, burst: 1 },
    { perSecond: 1, burst: 0 },
    { perSecond: NaN, burst: 1 },
  ]) {
    assert.throws(() => createLimits({ tenant: rate }, false), ConfigurationError)
  }
})

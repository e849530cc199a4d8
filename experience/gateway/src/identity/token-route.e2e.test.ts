import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'
import type { EndedIntent, Problem } from '@biplane/protocol'
import { decodeJwt } from 'jose'

import { createExperience } from '../gateway.ts'
import { type GuardedHouse, openGuardedHouse } from '../testing/guarded-house.ts'
import { type Answer, call, openHouse } from '../testing/house.ts'
import { createKey, revokeKey } from './key-file.ts'

let house: GuardedHouse
let keys: string
const COUNT = '/v1/trial-bench/count'
const COUNT_TYPE = 'trial_bench.count'

before(async () => {
  house = await openGuardedHouse(async (folder) => {
    keys = join(folder, 'keys.json')
    await createKey(keys, { name: 'first', tenant_id: 'acme', role: 'viewer' })
    return { keys }
  })
})
after(() => house[Symbol.asyncDispose]())

const codeOf = ({ body }: { body: unknown }) => (body as Problem).code
const ask = (wish: object, headers: Record<string, string>) => house.call('POST', '/v1/token', wish, headers)
const bearerIn = ({ status, body }: Answer) => {
  assert.equal(status, 200, JSON.stringify(body))
  return { authorization: `Bearer ${(body as { token: string }).token}` }
}
const lifeS = ({ body }: Answer) => (Date.parse((body as { expires_at: string }).expires_at) - Date.now()) / 1000

async function sessionOf(headers: Record<string, string>): Promise<EndedIntent> {
  return (await house.call('POST', COUNT, { to: 1 }, { ...headers, prefer: 'wait=10' })).body as EndedIntent
}

test('a page gets a token of its own: it reads, for ten minutes, and is whoever asked for it', async () => {
  const ada = await house.bearer({ tenant: 'acme', expires: '1h' })
  const given = await ask({}, ada)
  assert.ok(Math.abs(lifeS(given) - 600) < 5)
  const page = bearerIn(given)
  const { session_id } = await sessionOf(ada)
  assert.equal((await house.call('GET', `/v1/session/${session_id}`, undefined, page)).status, 200)
  assert.equal((await house.call('POST', COUNT, { session_id, to: 1 }, page)).status, 403)
  const wider = bearerIn(await ask({ scopes: ['event:read', 'intent:submit'] }, ada))
  const { body } = await house.call('POST', COUNT, { to: 1 }, wider)
  const made = await house.call('GET', `/v1/session/${(body as EndedIntent).session_id}`, undefined, page)
  assert.equal((made.body as { session: { user_id: string } }).session.user_id, 'ada')
})

test('a token for one session sees that one alone, and what it submits goes there', async () => {
  const ada = await house.bearer({ tenant: 'acme' })
  const [one, other] = [await sessionOf(ada), await sessionOf(ada)]
  const wish = { session_id: one.session_id, scopes: ['event:read', 'intent:submit'], intents: [COUNT_TYPE] }
  const page = bearerIn(await ask(wish, ada))
  const statusAt = async (path: string) => (await house.call('GET', path, undefined, page)).status
  assert.equal(await statusAt(`/v1/session/${one.session_id}/events`), 200)
  assert.equal(await statusAt(`/v1/session/${other.session_id}/events`), 404)
  assert.equal(await statusAt(`/v1/execution/${other.execution_id}`), 404)
  const submitted = await house.call('POST', COUNT, { to: 1 }, page)
  assert.deepEqual([submitted.status, (submitted.body as EndedIntent).session_id], [202, one.session_id])
  const elsewhere = await house.call('POST', COUNT, { session_id: other.session_id, to: 1 }, page)
  assert.equal(elsewhere.status, 404)
  const unlisted = await house.call('POST', '/v1/trial-bench/keep', 'id\n', { ...page, 'content-type': 'text/csv' })
  assert.equal(unlisted.status, 403)
})

test('nobody gives what they do not have', async () => {
  const viewer = await house.bearer({ tenant: 'acme', more: { role: 'viewer' } })
  const user = await house.bearer({ tenant: 'acme' })
  const { session_id } = await sessionOf(user)
  const { session_id: other } = await sessionOf(user)
  const bound = bearerIn(
    await ask({ session_id, scopes: ['event:read', 'intent:submit'], intents: [COUNT_TYPE] }, user),
  )
  const cases: [headers: Record<string, string>, wish: object][] = [
    [viewer, { scopes: ['intent:submit'] }],
    [user, { scopes: ['admin'] }],
    [bound, { session_id: other }],
    [bound, { scopes: ['execution:operate'] }],
    [bound, { intents: ['trial_bench.keep'] }],
  ]
  for (const [headers, wish] of cases) {
    const answer = await ask(wish, headers)
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'forbidden'], JSON.stringify(wish))
  }
  assert.equal((await ask({ tenant_id: 'rival' }, user)).status, 404)
  assert.equal((await ask({ expires_in: 3_601 }, user)).status, 400)
  assert.equal((await ask({ unheard: true }, user)).status, 400)
  assert.equal((await ask({}, {})).status, 401)
})

test('a token asks for the next one, with the same bounds, and not beyond the end of what it came from', async () => {
  const ends = Math.floor(Date.now() / 1000) + 300
  const ada = await house.bearer({ tenant: 'acme', expires: ends })
  const { session_id } = await sessionOf(ada)
  const first = await ask({ session_id, intents: [COUNT_TYPE], expires_in: 60 }, ada)
  const next = await ask({ expires_in: 3_600 }, bearerIn(first))
  const claims = decodeJwt((next.body as { token: string }).token)
  assert.deepEqual([claims['session_id'], claims['intents'], claims['scope']], [session_id, [COUNT_TYPE], 'event:read'])
  assert.equal(claims.exp, ends)
})

test('of a key that does not expire, the last token of a chain ends twelve hours after the first', async () => {
  const { key } = await createKey(keys, { name: 'endless', tenant_id: 'acme', role: 'user' })
  const owner = { 'x-api-key': key }
  await until(
    'the key to be read',
    async () => (await house.call('GET', '/v1/session', undefined, owner)).status === 200,
  )
  const { chain_exp } = decodeJwt(((await ask({}, owner)).body as { token: string }).token)
  const left = Number(chain_exp) - Date.now() / 1000
  assert.ok(left > 12 * 3_600 - 60 && left <= 12 * 3_600)
})

test('a token that a key was exchanged for ends with the key', async () => {
  const { key } = await createKey(keys, { name: 'short-lived', tenant_id: 'acme', role: 'user' })
  const owner = { 'x-api-key': key }
  const statusOf = async (headers: Record<string, string>) =>
    (await house.call('GET', '/v1/session', undefined, headers)).status
  await until('the key to be read', async () => (await statusOf(owner)) === 200)
  const page = bearerIn(await ask({}, bearerIn(await ask({}, owner))))
  assert.equal(await statusOf(page), 200)
  await revokeKey(keys, 'short-lived')
  await until('it to be refused', async () => (await statusOf(page)) === 401)
})

test('another gateway with the same service key takes the token, the runtime does not', async () => {
  const { body } = await ask({}, await house.bearer({ tenant: 'acme' }))
  const page = bearerIn({ status: 200, body } as Answer)
  const common = { surfaces: ['rest'], port: 0, runtimeUrl: house.runtime.url, logLevel: 'error', keys } as const
  await using second = await createExperience({ ...common, ...house.options })
  assert.equal((await call(await second.listen(), 'GET', '/v1/session', undefined, page)).status, 200)
  const direct = await call(house.runtime.url, 'GET', '/api/session', undefined, page)
  assert.deepEqual([direct.status, codeOf(direct)], [401, 'unauthenticated'])
})

test('where nobody is asked who they are, nobody needs a token, and is told so', async () => {
  await using open = await openHouse()
  const answer = await open.call('POST', '/v1/token', {})
  assert.deepEqual([answer.status, codeOf(answer)], [409, 'token_not_needed'])
})

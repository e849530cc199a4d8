// Whose a socket is: by the upgrade, by a message, for as long as what was shown holds.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'

import { type CallerClaims, type GuardedHouse, openGuardedHouse } from '../testing/guarded-house.ts'
import { Speaker } from './testing/speaker.ts'
import { createWebSocketSurface } from './websocket.ts'

let house: GuardedHouse
const APP = 'https://app.example.com'

before(async () => {
  const surfaces = [createWebSocketSurface({ authenticateMs: 300 })]
  house = await openGuardedHouse(async () => ({ surfaces, origins: [APP] }))
})
after(() => house[Symbol.asyncDispose]())

const tokenOf = async (claims: CallerClaims) => (await house.bearer(claims)).authorization.slice('Bearer '.length)
const openAs = async (claims: CallerClaims) => Speaker.open(house.url, { headers: await house.bearer(claims) })
const refusal = (options: Parameters<typeof Speaker.open>[1], url = house.url) =>
  Speaker.open(url, options).then(
    () => 'it was opened',
    (error: unknown) => String(error),
  )

test('a program shows its token with the upgrade, and the socket is of its tenant and subject', async () => {
  using ada = await openAs({ tenant: 'acme' })
  const { answer } = await ada.ask({ type: 'create_session' })
  assert.equal(answer.session.tenant_id, 'acme')
  const { session_id } = await ada.ask({ type: 'submit', intent_type: 'trial_bench.count', payload: { to: 1 } })
  const made = await ada.ask({ type: 'get_session', session_id })
  assert.equal(made['answer'].session.user_id, 'ada')
  assert.equal((await ada.ask({ type: 'list_sessions', tenant_id: 'rival' }))['code'], 'session_not_found')
})

test('a token that does not hold is refused before the socket is opened', async () => {
  const stranger = generateKeyPairSync('ed25519').privateKey
  for (const claims of [{ tenant: 'acme', expires: '-1m' }, { tenant: 'acme', key: stranger }, {}]) {
    assert.match(await refusal({ headers: await house.bearer(claims) }), /401/)
  }
  assert.match(await refusal({ headers: { 'x-api-key': 'bpk_nonsense' } }), /401/)
  assert.match(await refusal({ headers: await house.bearer({ tenant: 'acme' }), query: '?tenant_id=rival' }), /404/)
})

test('another site and another host are refused, and a configured origin is not', async () => {
  const ada = await house.bearer({ tenant: 'acme' })
  assert.match(await refusal({ headers: { ...ada, origin: 'https://evil.example' } }), /403/)
  assert.match(await refusal({ headers: { ...ada, host: 'evil.example' } }), /421/)
  using app = await Speaker.open(house.url, { headers: { ...ada, origin: APP } })
  assert.equal((await app.ask({ type: 'list_sessions' })).type, 'answer')
})

test('a browser opens the socket without, and shows its token first; nothing passes before', async () => {
  using page = await Speaker.open(house.url)
  assert.equal((await page.ask({ type: 'list_sessions' }))['code'], 'unauthenticated')
  page.say({ type: 'upload', id: 'u', name: 'early.csv' })
  assert.equal((await page.hears('error', { id: 'u' }))['code'], 'unauthenticated')
  assert.equal((await page.ask({ type: 'list_capabilities' })).type, 'answer', 'the catalogue is for everyone')
  page.say({ type: 'authenticate', id: 'a', token: await tokenOf({ tenant: 'acme' }) })
  // Not waited for: what comes behind it is asked by whom it brings.
  const { answer } = await page.ask({ type: 'create_session' })
  assert.equal(answer.session.tenant_id, 'acme')
  const { expires_at, ...told } = await page.hears('authenticated')
  assert.deepEqual(told, { type: 'authenticated', id: 'a', tenant_id: 'acme', subject: 'ada' })
  assert.ok(Date.parse(expires_at) > Date.now())
  const later = await Speaker.open(house.url)
  await later.ended()
  assert.equal((await page.ask({ type: 'ping' })).type, 'pong', 'its time to prove itself is over, and it has')
})

test('who shows no token in time, or one that does not hold, is closed with 4401', async () => {
  const silent = await Speaker.open(house.url)
  assert.equal((await silent.ended()).code, 4401)
  const liar = await Speaker.open(house.url)
  assert.equal((await liar.ask({ type: 'authenticate', token: 'nonsense' }))['code'], 'unauthenticated')
  assert.equal((await liar.ended()).code, 4401)
})

test('a cookie that says nothing here does not refuse the socket, which then waits for a token', async () => {
  using page = await Speaker.open(house.url, { headers: { cookie: 'biplane-session=old', origin: house.url } })
  assert.equal(
    (await page.ask({ type: 'authenticate', token: await tokenOf({ tenant: 'acme' }) })).type,
    'authenticated',
  )
})

test('a token is renewed in place, by the same tenant and subject alone', async () => {
  using ada = await openAs({ tenant: 'acme' })
  const renewal = { type: 'authenticate', token: await tokenOf({ tenant: 'acme', expires: '5m' }) }
  assert.equal((await ada.ask(renewal)).type, 'authenticated')
  for (const claims of [{ tenant: 'rival' }, { tenant: 'acme', subject: 'eve' }]) {
    const refused = await ada.ask({ type: 'authenticate', token: await tokenOf(claims) })
    assert.equal(refused['code'], 'forbidden')
  }
  assert.equal((await ada.ask({ type: 'authenticate', token: 'nonsense' }))['code'], 'unauthenticated')
  assert.equal((await ada.ask({ type: 'list_sessions' })).type, 'answer', 'what was shown before still counts')
})

const soon = () => Math.floor(Date.now() / 1000) + 2

test('when a token ends, its socket is told, sent nothing more, and closed with 4401', async () => {
  using other = await openAs({ tenant: 'acme' })
  using ada = await openAs({ tenant: 'acme', expires: soon() })
  const session_id = await ada.session()
  ada.say({ type: 'subscribe', session_id })
  await ada.hears('caught_up')
  assert.equal((await ada.hears('error'))['code'], 'unauthenticated')
  await other.ask({ type: 'close_session', session_id })
  assert.equal((await ada.ended()).code, 4401)
  assert.equal(ada.heard.at(-1)?.type, 'error')
})

test('a socket that renews its token in that time goes on where it was', async () => {
  using ada = await openAs({ tenant: 'acme', expires: soon() })
  const session_id = await ada.session()
  ada.say({ type: 'subscribe', session_id })
  await ada.hears('error')
  ada.say({ type: 'authenticate', token: await tokenOf({ tenant: 'acme' }) })
  await ada.ask({ type: 'submit', intent_type: 'trial_bench.count', session_id, payload: { to: 5 } })
  await ada.ask({ type: 'close_session', session_id })
  await ada.hears('closed')
  const seqs = ada.events(session_id).map(({ seq }) => seq)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  )
})

test('nothing of one tenant reaches another by a socket', async () => {
  const more = { role: 'operator' }
  using ada = await openAs({ tenant: 'acme', more })
  using eve = await openAs({ tenant: 'rival', more })
  const session_id = await ada.session()
  const accepted = await ada.ask({ type: 'submit', intent_type: 'trial_bench.ask', session_id, payload: {} })
  const { execution_id } = accepted
  ada.say({ type: 'upload', id: 'f', size: 6 })
  ada.send('f', Buffer.from('secret'))
  const { artifact } = await ada.ask({ type: 'upload_end', id: 'f' })
  for (const [message, code] of [
    [{ type: 'get_session', session_id }, 'session_not_found'],
    [{ type: 'close_session', session_id }, 'session_not_found'],
    [{ type: 'list_state', session_id }, 'session_not_found'],
    [{ type: 'subscribe', session_id, offset: '0000000000000001' }, 'session_not_found'],
    [{ type: 'subscribe', session_id, tenant_id: 'acme' }, 'session_not_found'],
    [{ type: 'get_execution', execution_id }, 'execution_not_found'],
    [{ type: 'cancel', execution_id }, 'execution_not_found'],
    [{ type: 'approve', execution_id, name: 'go', approved: true }, 'execution_not_found'],
    [{ type: 'retry', execution_id }, 'execution_not_found'],
    [{ type: 'submit', intent_type: 'trial_bench.keep', payload: { file: artifact } }, 'artifact_not_found'],
    [{ type: 'submit', intent_type: 'trial_bench.count', session_id, payload: { to: 1 } }, 'session_not_found'],
    [{ type: 'query', query_type: 'trial_bench.echo', session_id, payload: { text: 'x' } }, 'session_not_found'],
  ] as const) {
    assert.equal((await eve.ask(message))['code'], code, JSON.stringify(message))
  }
  // The same key means something else for another tenant.
  const keyed = { type: 'create_session', idempotency_key: 'mine' }
  const [hers, eves] = [await ada.ask(keyed), await eve.ask(keyed)]
  assert.notEqual(hers['answer'].session.session_id, eves['answer'].session.session_id)
  await eve.ask({ type: 'list_sessions' })
  await eve.ask({ type: 'list_executions' })
  assert.doesNotMatch(JSON.stringify(eve.heard), /acme/)
})

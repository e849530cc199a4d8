import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { after, before, suite, test } from 'node:test'

import { until } from '@biplane/client/testing'
import { createClient } from '@biplane/client'
import type { EndedIntent, Event, Problem, Session } from '@biplane/protocol'
import { decodeJwt } from 'jose'

import { createExperience } from '../gateway.ts'
import { type GuardedHouse, openGuardedHouse } from '../testing/guarded-house.ts'
import { call, openHouse } from '../testing/house.ts'

let house: GuardedHouse
const COUNT = '/v1/trial-bench/count'

/** Callers prove to the gateway who they are, and the gateway proves it to the runtime. */
before(async () => {
  house = await openGuardedHouse()
})
after(() => house[Symbol.asyncDispose]())

const codeOf = ({ body }: { body: unknown }) => (body as Problem).code

test("a caller's token says whose the call is, and the session that is made is of its subject", async () => {
  const ada = { ...(await house.bearer({ tenant: 'acme' })), prefer: 'wait=10' }
  const { status, body } = await house.call('POST', COUNT, { to: 1 }, ada)
  assert.equal(status, 200)
  const { session_id } = body as EndedIntent
  const read = await house.call('GET', `/v1/session/${session_id}`, undefined, ada)
  const { session } = read.body as { session: Session }
  assert.deepEqual([session.tenant_id, session.user_id], ['acme', 'ada'])
  const upload = await house.call('POST', '/v1/trial-bench/keep', 'id\n1\n', { ...ada, 'content-type': 'text/csv' })
  assert.equal((upload.body as EndedIntent).status, 'completed')
})

test("what is another tenant's is answered as what does not exist", async () => {
  const acme = await house.bearer({ tenant: 'acme' })
  const { body } = await house.call('POST', COUNT, { to: 1 }, acme)
  const { session_id } = body as EndedIntent
  const rival = await house.bearer({ tenant: 'rival' })
  for (const path of [`/v1/session/${session_id}`, `/v1/session/${session_id}/events?live=sse&offset=-1`]) {
    const answer = await house.call('GET', path, undefined, rival)
    assert.deepEqual([answer.status, codeOf(answer)], [404, 'session_not_found'], path)
  }
  const named = await house.call('POST', COUNT, { tenant_id: 'acme', to: 1 }, rival)
  assert.deepEqual([named.status, codeOf(named)], [404, 'session_not_found'])
})

test('a call without a token that holds is refused, whatever it asks for', async () => {
  const tokens: [what: string, headers: Record<string, string>][] = [
    ['none', {}],
    ['nonsense', { authorization: 'Bearer nonsense' }],
    ['for another audience', await house.bearer({ tenant: 'acme', audience: 'biplane-runtime' })],
    ['expired', await house.bearer({ tenant: 'acme', expires: '-1m' })],
    ['of another key', await house.bearer({ tenant: 'acme', key: generateKeyPairSync('ed25519').privateKey })],
    ['without a tenant', await house.bearer({})],
    ['with a role that nobody knows', await house.bearer({ tenant: 'acme', more: { role: 'emperor' } })],
    ['an API key, where there are none', { 'x-api-key': 'bpk_nonsense' }],
    ['a cookie, where nobody signs in', { cookie: 'biplane-session=nonsense' }],
  ]
  for (const [what, headers] of tokens) {
    for (const [method, path, body] of [
      ['POST', COUNT, { tenant_id: 'acme', to: 1 }],
      ['GET', '/v1/session?tenant_id=acme', undefined],
    ] as const) {
      const answer = await house.call(method, path, body, headers)
      assert.deepEqual([answer.status, codeOf(answer)], [401, 'unauthenticated'], `${what}: ${path}`)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
  }
  assert.equal((await house.call('POST', '/v1/artifact?tenant_id=acme', 'bytes')).status, 401)
})

test('health, the catalogue, the documents and the start page are for everybody', async () => {
  for (const path of ['/health', '/ready', '/v1/capabilities', '/openapi.json', '/']) {
    assert.equal((await house.call('GET', path)).status, 200, path)
  }
})

test('a role, or scopes, say what a caller may do; with neither they are a user', async () => {
  const { session_id } = (await house.call('POST', COUNT, { to: 1 }, await house.bearer({ tenant: 'acme' })))
    .body as EndedIntent
  const tries = async (more: Record<string, unknown>) => {
    const headers = await house.bearer({ tenant: 'acme', more })
    const { body } = await house.call('POST', COUNT, { session_id, to: 1 }, await house.bearer({ tenant: 'acme' }))
    const execution = `/v1/execution/${(body as EndedIntent).execution_id}`
    const read = await house.call('GET', `/v1/session/${session_id}`, undefined, headers)
    const submit = await house.call('POST', COUNT, { session_id, to: 1 }, headers)
    const operate = await house.call('POST', `${execution}/pause`, {}, headers)
    return [read.status, submit.status, operate.status === 403 ? 403 : 'allowed']
  }
  assert.deepEqual(await tries({ role: 'viewer' }), [200, 403, 403])
  assert.deepEqual(await tries({ role: 'user' }), [200, 202, 403])
  assert.deepEqual(await tries({}), [200, 202, 403])
  assert.deepEqual(await tries({ role: 'operator' }), [200, 202, 'allowed'])
  assert.deepEqual(await tries({ role: 'admin' }), [200, 202, 'allowed'])
  assert.deepEqual(await tries({ scope: 'intent:submit unheard:of' }), [403, 202, 403])
  assert.deepEqual(await tries({ scope: '' }), [403, 403, 403])
  assert.deepEqual(
    await tries({ role: 'viewer', scope: 'intent:submit' }),
    [200, 403, 403],
    'a role goes before scopes',
  )
})

test('who did it is in the log', async () => {
  const grace = await house.bearer({ tenant: 'acme', subject: 'grace', more: { role: 'operator' } })
  const { body } = await house.call('POST', COUNT, { to: 500 }, grace)
  const { session_id, execution_id } = body as EndedIntent
  await house.call('POST', `/v1/execution/${execution_id}/cancel`, { reason: 'a mistake' }, grace)
  const { body: events } = await house.call('GET', `/v1/session/${session_id}/events?offset=-1`, undefined, grace)
  for (const entry of ['session.created', 'intent.accepted', 'execution.cancelling']) {
    const found = (events as Event[]).find(({ type }) => type === entry)
    assert.equal((found?.data as { by?: string } | undefined)?.by, 'grace', entry)
  }
})

test('what stays open is asked for with a token that outlasts the five minutes of a request', async (t) => {
  const sent: string[] = []
  const { hostname, port } = new URL(house.runtime.url)
  const tap = createServer((near) => {
    const far = connect(Number(port), hostname)
    near.on('data', (chunk) => sent.push(String(chunk)))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => other.destroy()).pipe(other)
  })
  await once(tap.listen(0, '127.0.0.1'), 'listening')
  const runtimeUrl = `http://127.0.0.1:${(tap.address() as AddressInfo).port}`
  const own = { ...house.options, surfaces: ['rest'], port: 0, runtimeUrl, logLevel: 'error' } as const
  const gateway = await createExperience(own)
  t.after(async () => {
    await gateway.close()
    tap.close()
  })
  const url = await gateway.listen()
  const ada = await house.bearer({ tenant: 'acme', expires: '50m' })
  const { session_id } = (await call(url, 'POST', COUNT, { to: 1 }, ada)).body as EndedIntent
  await fetch(`${url}/v1/session/${session_id}/events?live=sse&offset=-1`, { headers: ada })
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/events`, { headers: ada })
  await once(socket, 'open')
  const lifeOf = (path: string) => {
    const request = sent.find((text) => text.startsWith(path)) ?? ''
    const { exp = 0, iat = 0 } = decodeJwt(/authorization: Bearer (\S+)/i.exec(request)?.[1] ?? '')
    return exp - iat
  }
  assert.equal(lifeOf('POST /api/intent/submit '), 300)
  // What the gateway listens to in its own name, and a socket that is passed on.
  await until('both', () => sent.filter((text) => text.startsWith('GET /api/events ')).length >= 2)
  for (const text of sent.filter((one) => one.startsWith('GET /api/events '))) assert.ok(lifeOf(text) > 2_990, text)
})

suite('when the token that opened it ends', { concurrency: true }, () => {
  test('a stream ends as a whole answer does', async () => {
    const token = (await house.bearer({ tenant: 'acme', expires: Math.floor(Date.now() / 1000) + 2 })).authorization
    const { body } = await house.call('POST', COUNT, { to: 1 }, { authorization: token })
    const path = `${house.url}/v1/session/${(body as EndedIntent).session_id}/events?live=sse&offset=-1`
    const stream = await fetch(path, { headers: { authorization: token } })
    assert.match(await stream.text(), /event: control/)
    const again = await fetch(path, { headers: { authorization: token } })
    assert.equal(again.status, 401)
  })

  test('a socket that is passed on ends', async () => {
    const headers = await house.bearer({ tenant: 'acme', expires: Math.floor(Date.now() / 1000) + 2 })
    const socket = new WebSocket(`${house.url.replace('http', 'ws')}/v1/events`, { headers })
    await once(socket, 'open')
    await once(socket, 'close')
    assert.ok(socket.readyState === WebSocket.CLOSED)
  })

  test('a follower goes on with a fresh token for each connection, and gives up when there is none that holds', async () => {
    let asked = 0
    const { body } = await house.call('POST', COUNT, { to: 1 }, await house.bearer({ tenant: 'acme' }))
    const client = createClient({
      url: `${house.url}/v1`,
      async token() {
        const expires = Math.floor(Date.now() / 1000) + (++asked > 1 ? -60 : 2)
        return (await house.bearer({ tenant: 'acme', expires })).authorization.replace('Bearer ', '')
      },
    })
    const follow = async () => {
      for await (const { event } of client.follow((body as EndedIntent).session_id)) void event
    }
    await assert.rejects(follow(), { code: 'unauthenticated' })
    // The first, the second, and five more that might have been renewed meanwhile.
    assert.equal(asked, 7)
  })
})

test('what callers show must be something to check, and the runtime must be told of it: else the gateway does not start', async () => {
  const start = (more: object) => createExperience({ surfaces: [], runtimeUrl: house.runtime.url, port: 0, ...more })
  await assert.rejects(start({ auth: house.options.auth }), /Set BIPLANE_SERVICE_KEY/)
  await assert.rejects(start({ keys: '/nowhere.json' }), /BIPLANE_KEYS=\/nowhere\.json cannot be used/)
  await assert.rejects(start({ host: '0.0.0.0', serviceKey: house.options.serviceKey }), /BIPLANE_AUTH/)
})

test('a runtime that asks nobody for a token is not called in the name of somebody', async () => {
  await using open = await openHouse()
  await using gateway = await createExperience({
    ...house.options,
    surfaces: ['rest'],
    port: 0,
    runtimeUrl: open.runtime.url,
    logLevel: 'error',
  })
  const url = await gateway.listen()
  const answer = await call(url, 'GET', '/v1/session', undefined, await house.bearer({ tenant: 'acme' }))
  assert.deepEqual([answer.status, codeOf(answer)], [503, 'runtime_unavailable'])
  assert.match((answer.body as Problem).detail, /BIPLANE_AUTH/)
})

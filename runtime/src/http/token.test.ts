// With authentication, a caller is who its token says, and nobody else.

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { type CryptoKey, SignJWT, exportSPKI, generateKeyPair } from 'jose'

import { TestRuntime } from '../test-runtime.ts'

let folder: string
let key: CryptoKey
let stranger: CryptoKey
let auth: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-token-'))
  const pair = await generateKeyPair('EdDSA')
  key = pair.privateKey
  stranger = (await generateKeyPair('EdDSA')).privateKey
  auth = join(folder, 'public.pem')
  await writeFile(auth, await exportSPKI(pair.publicKey))
})

after(() => rm(folder, { recursive: true }))

interface Claims {
  tenant_id?: string
  scope?: string
}

const ALL = 'intent:submit event:read execution:operate'

const mint = (claims: Claims = {}, { audience = 'biplane-runtime', expires = '5m', by = key } = {}): Promise<string> =>
  new SignJWT({ tenant_id: 'acme', scope: ALL, ...claims })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject('ada')
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(by)

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('a token names the tenant; without a valid one nothing is told', async () => {
  await using runtime = await TestRuntime.start([], { auth })
  const mine = bearer(await mint())
  const created = await runtime.call('POST', '/api/session/create', {}, mine)
  assert.equal(created.status, 201)
  assert.equal(created.body.session.tenant_id, 'acme')
  const path = `/api/session/${created.body.session.session_id}`
  const statusWith = async (headers: Record<string, string>, query = '') =>
    (await runtime.call('GET', `${path}${query}`, undefined, headers)).status
  assert.equal(await statusWith(mine), 200)
  assert.equal(await statusWith({}), 401)
  assert.equal(await statusWith(bearer('nonsense')), 401)
  assert.equal(await statusWith(bearer(await mint({}, { expires: '-1m' }))), 401)
  assert.equal(await statusWith(bearer(await mint({}, { audience: 'someone-else' }))), 401)
  assert.equal(await statusWith(bearer(await mint({}, { by: stranger }))), 401)
  assert.equal(await statusWith(bearer(await mint({ tenant_id: 'other' }))), 404)
  assert.equal(await statusWith(mine, '?tenant_id=other'), 404)
  assert.equal(await statusWith(bearer(await mint({ scope: 'intent:submit' }))), 403)
})

test('an unsigned token is nobody’s', async () => {
  await using runtime = await TestRuntime.start([], { auth })
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { tenant_id: 'acme', scope: ALL, sub: 'ada', aud: 'biplane-runtime', exp: 4_000_000_000 }
  const token = `${part({ alg: 'none' })}.${part(claims)}.`
  assert.equal((await runtime.call('GET', '/api/session', undefined, bearer(token))).status, 401)
})

test('who acted is in the log', async () => {
  await using runtime = await TestRuntime.start([], { auth })
  const mine = bearer(await mint())
  const { body } = await runtime.call('POST', '/api/session/create', {}, mine)
  const path = `/api/session/${body.session.session_id}`
  await runtime.call('POST', `${path}/close`, { reason: 'done' }, mine)
  const events = await runtime.call('GET', `${path}/events`, undefined, mine)
  assert.deepEqual(events.body[1].data, { by: 'ada', reason: 'done' })
})

test('a runtime that other machines can reach does not start without knowing who calls', async () => {
  await assert.rejects(TestRuntime.start([], { host: '0.0.0.0' }), /reachable from other machines/)
})

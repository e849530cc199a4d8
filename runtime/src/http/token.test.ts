// With authentication, a caller is who its token says, and nobody else (docs/protocol.md §4, "Tokens").

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import type { Event } from '@biplane/protocol'
import { SignJWT } from 'jose'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { tickets } from './testing/ticket-realm.ts'
import { type Key, TokenMint, type Wish, newKey } from './testing/token-mint.ts'

let mint: TokenMint
let runtime: TestRuntime
let session: string

before(async () => {
  mint = await TokenMint.open()
  runtime = await TestRuntime.start([], { auth: mint.file })
  const { status, body } = await runtime.call('POST', '/api/session/create', {}, await mint.bearer())
  assert.equal(status, 201)
  session = body.session.session_id
})

after(async () => {
  await runtime[Symbol.asyncDispose]()
  await mint[Symbol.asyncDispose]()
})

const get = (headers: Record<string, string>, of = runtime, query = '') =>
  of.call('GET', `/api/session/${session}${query}`, undefined, headers)

test('a token names the tenant, and the body need not', async () => {
  const { status, body } = await get(await mint.bearer())
  assert.equal(status, 200)
  assert.equal(body.session.tenant_id, 'acme')
  for (const alg of ['ES256', 'RS256']) {
    const key = await newKey(alg, alg)
    await mint.trust(mint.key, key)
    await waitFor(async () => (await get(await mint.bearer({ by: key }))).status === 200, `${alg} is taken`)
  }
})

test('what is another tenant’s is answered as what does not exist', async () => {
  const foreign = await get(await mint.bearer({ claims: { tenant_id: 'other' } }))
  const missing = await runtime.call(
    'GET',
    '/api/session/ses_01k9xpm2f80000000000000000',
    undefined,
    await mint.bearer(),
  )
  const named = await get(await mint.bearer(), runtime, '?tenant_id=other')
  for (const { status, body } of [foreign, missing, named]) {
    assert.deepEqual([status, body.code], [404, 'session_not_found'])
  }
})

test('a token that does not hold is refused, and the answer says why', async (t) => {
  const now = Math.floor(Date.now() / 1000)
  const stranger = await newKey('first')
  const unknown = await newKey('unknown')
  const wishes: [name: string, wish: Wish, why: RegExp][] = [
    ['expired', { lives_s: -60 }, /it has expired/],
    ['not valid yet', { claims: { nbf: now + 60 } }, /not valid yet/],
    ['issued in the future', { claims: { iat: now + 60 } }, /issued in the future/],
    ['too long-lived', { claims: { exp: now + 3_700 } }, /lives longer than 3600 seconds/],
    ['without exp', { claims: { exp: null } }, /no exp/],
    ['without iat', { claims: { iat: null } }, /no iat/],
    ['without sub', { claims: { sub: null } }, /no sub/],
    ['without a tenant', { claims: { tenant_id: null } }, /no tenant_id/],
    ['with a tenant that is none', { claims: { tenant_id: '../etc' } }, /tenant_id does not fit/],
    ['with a subject that no store keeps', { claims: { sub: 'a\u0000b' } }, /sub does not fit/],
    ['with a session that is none', { claims: { session_id: 'ses_1' } }, /session_id does not fit/],
    ['with scopes in a list', { claims: { scope: ['event:read'] } }, /scope does not fit/],
    ['for another audience', { claims: { aud: 'someone-else' } }, /aud is not biplane-runtime/],
    ['of another issuer', { claims: { iss: 'someone-else' } }, /issuer that is not trusted/],
    ['without an issuer', { claims: { iss: null } }, /no iss/],
    ['of another type', { header: { typ: 'JWT' } }, /typ is not biplane\+jwt/],
    ['without a type', { header: { typ: null } }, /typ/],
    ['signed by another key of that name', { by: stranger }, /signature/],
    ['signed by an unknown key', { by: unknown }, /key that is not trusted/],
    [
      'too long',
      { claims: { intents: Array.from({ length: 300 }, (_, i) => `content.upload_${i}`) } },
      /4096 characters/,
    ],
  ]
  for (const [name, wish, why] of wishes) {
    await t.test(name, async () => {
      const { status, body, headers } = await get(await mint.bearer(wish))
      assert.deepEqual([status, body.code], [401, 'unauthenticated'])
      assert.match(body.detail, why)
      assert.equal(headers.get('www-authenticate'), 'Bearer')
    })
  }
  await t.test('none', async () => assert.equal((await get({})).status, 401))
  await t.test('nonsense', async () => assert.equal((await get({ authorization: 'Bearer nonsense' })).status, 401))
  await t.test('in the address', async () => {
    const token = await mint.token()
    assert.equal((await get({}, runtime, `?access_token=${token}&token=${token}`)).status, 401)
  })
})

test('an unsigned token is nobody’s, and so is one that is signed with what is public', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const [, claims = ''] = (await mint.token()).split('.')
  const unsigned = `${part({ alg: 'none', typ: 'biplane+jwt' })}.${claims}.`
  const secret = Buffer.from(mint.key.jwk.x ?? '', 'base64url')
  const symmetric = await new SignJWT(JSON.parse(Buffer.from(claims, 'base64url').toString()))
    .setProtectedHeader({ alg: 'HS256', typ: 'biplane+jwt', kid: 'first' })
    .sign(secret)
  for (const token of [unsigned, symmetric]) {
    const { status, body } = await get({ authorization: `Bearer ${token}` })
    assert.equal(status, 401)
    assert.match(body.detail, /algorithm is none of EdDSA, ES256, RS256/)
  }
})

test('a body is not read before it is known who sends it', async () => {
  const headers = { 'content-type': 'application/json' }
  const { status } = await runtime.call('POST', '/api/session/create', '{"not": json', headers)
  assert.equal(status, 401)
})

test('a key is added and revoked by changing its file, without a restart', async () => {
  const next = await newKey('next')
  const [old, fresh] = [await mint.bearer(), await mint.bearer({ by: next })]
  assert.deepEqual([(await get(old)).status, (await get(fresh)).status], [200, 401])
  await mint.trust(mint.key, next)
  await waitFor(async () => (await get(fresh)).status === 200, 'the new key is taken')
  assert.equal((await get(old)).status, 200)
  await mint.trust(next)
  await waitFor(async () => (await get(old)).status === 401, 'the old key is revoked')
  assert.equal((await get(fresh)).status, 200)
  await mint.trust(mint.key)
  await waitFor(async () => (await get(old)).status === 200, 'the first key is back')
})

test('while the file of keys cannot be read it is our fault, not the token’s', async () => {
  const token = await mint.bearer()
  await writeFile(mint.file, '{"keys": [')
  const away = await waitFor(async () => {
    const answer = await get(token)
    return answer.status === 200 ? null : answer
  }, 'the file is found broken')
  assert.deepEqual([away.status, away.body.code], [503, 'keys_unavailable'])
  assert.equal(away.headers.get('retry-after'), '1')
  await mint.trust(mint.key)
  await waitFor(async () => (await get(token)).status === 200, 'the keys are back')
})

test('a key may be PEM or a single JWK without a name, and the issuer another one', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const by: Key = { alg: 'EdDSA', secret: privateKey as never, jwk: { kid: 'whatever' } }
  const files: [string, string][] = [
    ['key.pem', publicKey.export({ type: 'spki', format: 'pem' }) as string],
    ['key.jwk', JSON.stringify(publicKey.export({ format: 'jwk' }))],
  ]
  for (const [name, text] of files) {
    await writeFile(join(mint.folder, name), text)
    await using other = await TestRuntime.start([], { auth: join(mint.folder, name), issuer: 'house' })
    const create = async (iss: string) =>
      (await other.call('POST', '/api/session/create', {}, await mint.bearer({ by, claims: { iss } }))).status
    assert.deepEqual([await create('house'), await create('biplane-gateway')], [201, 401], name)
  }
})

test('a runtime does not start with keys that are private, secret or none, and says so', async () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const bad: [text: string, why: RegExp][] = [
    [privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, /holds a private key/],
    [JSON.stringify(privateKey.export({ format: 'jwk' })), /holds a private key/],
    [JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }), /holds a secret/],
    [JSON.stringify({ keys: [] }), /holds no key/],
    [JSON.stringify({ hello: 'world' }), /cannot be used/],
    ['hello', /cannot be used/],
  ]
  const auth = join(mint.folder, 'bad')
  for (const [text, why] of bad) {
    await writeFile(auth, text)
    await assert.rejects(TestRuntime.start([], { auth }), why)
  }
  await rm(auth)
  await assert.rejects(TestRuntime.start([], { auth }), /BIPLANE_AUTH=.*bad cannot be used/)
})

test('keys come from an address as well; while that is away it is 503, and no token made up makes it asked', async () => {
  let asked = 0
  let isAway = true
  const issuer = createServer((_request, response) => {
    asked++
    response.statusCode = isAway ? 500 : 200
    response.end(JSON.stringify({ keys: [mint.key.jwk] }))
  })
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  const auth = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`
  await using other = await TestRuntime.start([], { auth })
  const list = async (headers: Record<string, string>) => other.call('GET', '/api/session', undefined, headers)
  const away = await list(await mint.bearer())
  assert.deepEqual([away.status, away.body.code], [503, 'keys_unavailable'])
  isAway = false
  assert.equal((await list(await mint.bearer())).status, 200)
  asked = 0
  for (let i = 0; i < 20; i++) {
    assert.equal((await list(await mint.bearer({ by: await newKey(`made-up-${i}`) }))).status, 401)
  }
  assert.equal(asked, 0, 'the keys were read a moment ago')
  issuer.close()
})

test('who acted is in the log: of sessions, intents, signals and what is done to executions', async () => {
  await using other = await TestRuntime.start([tickets], { auth: mint.file })
  const post = async (sub: string, path: string, body: object) => {
    const answer = await other.call('POST', `/api${path}`, body, await mint.bearer({ claims: { sub } }))
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const { session_id } = (await post('ada', '/session/create', {})).session
  const intent = { intent_type: 'tickets.open', realm: 'tickets', session_id, payload: {} }
  const { execution_id } = await post('bob', '/intent/submit', intent)
  await post('cy', `/execution/${execution_id}/pause`, {})
  await post('di', `/execution/${execution_id}/resume`, {})
  await post('eve', `/execution/${execution_id}/signal`, { name: 'hello' })
  await post('flo', `/execution/${execution_id}/cancel`, {})
  const headers = await mint.bearer()
  const isOver = async () => (await other.call('GET', `/api/execution/${execution_id}`, undefined, headers)).body
  await waitFor(async () => (await isOver()).execution.status === 'cancelled', 'its end')
  await post('gil', `/execution/${execution_id}/retry`, {})
  await post('hal', `/session/${session_id}/close`, { reason: 'done' })
  const { body } = await other.call('GET', `/api/session/${session_id}/events`, undefined, headers)
  const acts = (body as Event[]).flatMap(({ type, data }) => {
    const { by } = data as { by?: string }
    return by === undefined ? [] : [`${type} ${by}`]
  })
  assert.deepEqual(acts, [
    'session.created ada',
    'intent.accepted bob',
    'execution.paused cy',
    'execution.continued di',
    'signal.received eve',
    'execution.cancelling flo',
    'execution.cancelled flo',
    'intent.accepted gil',
    'session.closing hal',
  ])
})

test('a runtime that other machines can reach does not start without knowing who calls', async () => {
  await assert.rejects(TestRuntime.start([], { host: '0.0.0.0' }), /reachable from other machines/)
})

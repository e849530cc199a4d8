import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import type { EndedIntent, Problem, Session } from '@biplane/protocol'
import { SignJWT } from 'jose'

import { type House, openHouse } from '../testing/house.ts'

let house: House
let folder: string
const callers = generateKeyPairSync('ed25519')
const gateways = generateKeyPairSync('ed25519')
const COUNT = '/v1/trial-bench/count'

/** Callers prove to the gateway who they are, and the gateway proves it to the runtime. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-identity-'))
  const write = async (name: string, text: string | Buffer) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const auth = await write('callers.pem', callers.publicKey.export({ type: 'spki', format: 'pem' }))
  const serviceKey = await write('gateway.jwk', JSON.stringify(gateways.privateKey.export({ format: 'jwk' })))
  const runtimeAuth = await write('gateway.pem', gateways.publicKey.export({ type: 'spki', format: 'pem' }))
  house = await openHouse({ runtimeEnv: { BIPLANE_AUTH: runtimeAuth }, experience: { auth, serviceKey } })
})
after(async () => {
  await house[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

interface Claims {
  tenant?: string
  audience?: string
  expires?: string
  key?: typeof callers.privateKey
}

const tokenOf = ({ tenant, audience = 'biplane-gateway', expires = '1m', key = callers.privateKey }: Claims) =>
  new SignJWT(tenant === undefined ? {} : { tenant_id: tenant })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject('ada')
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(key)

const bearer = async (claims: Claims) => ({ authorization: `Bearer ${await tokenOf(claims)}` })
const codeOf = ({ body }: { body: unknown }) => (body as Problem).code

test("a caller's token says whose the call is, and the session that is made is of its subject", async () => {
  const ada = { ...(await bearer({ tenant: 'acme' })), prefer: 'wait=10' }
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
  const acme = await bearer({ tenant: 'acme' })
  const { body } = await house.call('POST', COUNT, { to: 1 }, acme)
  const { session_id } = body as EndedIntent
  const rival = await bearer({ tenant: 'rival' })
  for (const path of [`/v1/session/${session_id}`, `/v1/session/${session_id}/events?live=sse`]) {
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
    ['for another audience', await bearer({ tenant: 'acme', audience: 'biplane-runtime' })],
    ['expired', await bearer({ tenant: 'acme', expires: '-1m' })],
    ['of another key', await bearer({ tenant: 'acme', key: generateKeyPairSync('ed25519').privateKey })],
    ['without a tenant', await bearer({})],
  ]
  for (const [what, headers] of tokens) {
    for (const [method, path, body] of [
      ['POST', COUNT, { tenant_id: 'acme', to: 1 }],
      ['GET', '/v1/session?tenant_id=acme', undefined],
      ['POST', '/v1/artifact?tenant_id=acme', 'bytes'],
    ] as const) {
      const answer = await house.call(method, path, body, headers)
      assert.deepEqual([answer.status, codeOf(answer)], [401, 'unauthenticated'], `${what}: ${path}`)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
  }
  assert.equal((await house.call('GET', '/v1/capabilities')).status, 200, 'the catalogue is for everyone')
})

import assert from 'node:assert/strict'
import { type KeyObject, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'
import { ProblemError } from '@biplane/protocol'
import { fastify } from 'fastify'
import { UnsecuredJWT, SignJWT } from 'jose'

import { pemOf, tokenOf } from '../testing/guarded-house.ts'
import { type VerifyToken, callerTokens } from './caller-token.ts'

let folder: string
const log = fastify({ logger: { level: 'silent' } }).log
const pairs = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')] as const
const [one, other] = pairs

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-caller-token-'))
})
after(() => rm(folder, { recursive: true }))

async function write(name: string, content: string | object): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const jwkOf = (key: KeyObject, more: object = {}) => ({ ...key.export({ format: 'jwk' }), ...more })
const by = ({ privateKey: key }: { privateKey: KeyObject }, kid?: string) =>
  tokenOf({ tenant: 'acme', key, ...(kid === undefined ? {} : { kid }) })

/** The subject, or the code of what is wrong. */
const outcome = (verify: VerifyToken, token: string): Promise<string> =>
  verify(token).then(
    ({ subject }) => subject,
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  )

test('keys come as PEM, as JWK, as JWKS, and from several files', async () => {
  const pem = await write('one.pem', pemOf(one.publicKey))
  const jwk = await write('other.jwk', jwkOf(other.publicKey))
  const set = await write('both.jwks', { keys: pairs.map(({ publicKey }, i) => jwkOf(publicKey, { kid: `key ${i}` })) })
  const nameless = await write('nameless.jwks', { keys: pairs.map(({ publicKey }) => jwkOf(publicKey)) })
  const cases: [source: string, ofOne: string, ofOther: string][] = [
    [pem, 'ada', 'unauthenticated'],
    [jwk, 'unauthenticated', 'ada'],
    [`${pem}, ${jwk}`, 'ada', 'ada'],
    [set, 'ada', 'ada'],
    [nameless, 'ada', 'ada'],
  ]
  for (const [source, ofOne, ofOther] of cases) {
    const verify = await callerTokens(source, undefined, log)
    assert.deepEqual(
      [await outcome(verify, await by(one)), await outcome(verify, await by(other))],
      [ofOne, ofOther],
      source,
    )
  }
  const verify = await callerTokens(set, undefined, log)
  assert.equal(await outcome(verify, await by(one, 'key 0')), 'ada')
  assert.equal(await outcome(verify, await by(one, 'key 1')), 'unauthenticated')
  assert.equal(await outcome(await callerTokens(pem, undefined, log), await by(one, 'a name of its issuer')), 'ada')
})

test('a private key is not taken for a public one, and what is no key is told at the start', async () => {
  const pem = one.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  for (const source of [
    await write('private.pem', pem),
    await write('private.jwk', jwkOf(one.privateKey)),
    await write('nonsense.pem', 'nonsense'),
    join(folder, 'missing.pem'),
  ]) {
    await assert.rejects(callerTokens(source, undefined, log), Error, source)
  }
})

test('a file that changes is read again; while it cannot be, that is said of the keys and not of the token', async () => {
  const path = await write('rotated.pem', pemOf(one.publicKey))
  const verify = await callerTokens(path, undefined, log)
  assert.equal(await outcome(verify, await by(one)), 'ada')
  await rename(await write('next.pem', pemOf(other.publicKey)), path)
  await until('the new key', async () => (await outcome(verify, await by(other))) === 'ada')
  assert.equal(await outcome(verify, await by(one)), 'unauthenticated')
  await rm(path)
  await until('it to be missed', async () => (await outcome(verify, await by(other))) === 'keys_unavailable')
  await write('rotated.pem', pemOf(one.publicKey))
  await until('it to be back', async () => (await outcome(verify, await by(one))) === 'ada')
})

test('a JWKS is fetched; while it is away, that is said of the keys and not of the token', async () => {
  const keys = [jwkOf(one.publicKey, { kid: 'one' })]
  let isAway = true
  const server = createServer((_request, response) => {
    if (isAway) response.writeHead(503).end()
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const verify = await callerTokens(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`, undefined, log)
  assert.equal(await outcome(verify, await by(one, 'one')), 'keys_unavailable')
  isAway = false
  assert.equal(await outcome(verify, await by(one, 'one')), 'ada')
  assert.equal(await outcome(verify, await by(other, 'one')), 'unauthenticated')
  server.closeAllConnections()
  server.close()
})

test('the issuer counts where one is configured, and no algorithm counts but the pinned ones', async () => {
  const pem = await write('issuer.pem', pemOf(one.publicKey))
  const verify = await callerTokens(pem, 'https://id.example.com', log)
  const key = one.privateKey
  assert.equal(await outcome(verify, await tokenOf({ tenant: 'acme', key, issuer: 'https://id.example.com' })), 'ada')
  assert.equal(
    await outcome(verify, await tokenOf({ tenant: 'acme', key, issuer: 'https://evil.example' })),
    'unauthenticated',
  )
  assert.equal(await outcome(verify, await by(one)), 'unauthenticated')
  const claims = { tenant_id: 'acme', iss: 'https://id.example.com' }
  const unsigned = new UnsecuredJWT(claims)
    .setSubject('ada')
    .setAudience('biplane-gateway')
    .setExpirationTime('1m')
    .encode()
  assert.equal(await outcome(verify, unsigned), 'unauthenticated')
  // Whoever has the public key has this secret.
  const symmetric = new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('ada')
    .setAudience('biplane-gateway')
  const secret = new TextEncoder().encode(pemOf(one.publicKey))
  assert.equal(await outcome(verify, await symmetric.setExpirationTime('1m').sign(secret)), 'unauthenticated')
})

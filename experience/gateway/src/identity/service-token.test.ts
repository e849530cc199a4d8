import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import type { SessionId } from '@biplane/protocol'
import { decodeJwt, decodeProtectedHeader } from 'jose'

import { type ServiceKey, readServiceKey } from './service-key.ts'
import { serviceTokens } from './service-token.ts'

const pair = generateKeyPairSync('ed25519')
const key: ServiceKey = { ...pair, header: { alg: 'EdDSA' } }
const viewer = { tenantId: 'acme', subject: 'ada', scopes: ['event:read'] } as const
const nowS = () => Math.floor(Date.now() / 1000)

test('a token says what docs/protocol.md has a token for the runtime say, and nothing more', async () => {
  const token = await serviceTokens(key, 'biplane-gateway').mint(viewer)
  assert.deepEqual(decodeProtectedHeader(token), { alg: 'EdDSA', typ: 'biplane+jwt' })
  const { iat = 0, exp = 0, ...claims } = decodeJwt(token)
  const whose = { iss: 'biplane-gateway', aud: 'biplane-runtime', sub: 'ada', tenant_id: 'acme', scope: 'event:read' }
  assert.deepEqual(claims, whose)
  assert.ok(Math.abs(iat - nowS()) <= 1)
  assert.equal(exp - iat, 300)
})

test('bounds go along', async () => {
  const sessionId = `ses_${'0'.repeat(26)}` as SessionId
  const bounds = { sessionId, intents: ['content.upload'], queries: [] }
  const claims = decodeJwt(await serviceTokens(key, 'biplane-gateway').mint({ ...viewer, ...bounds }))
  assert.deepEqual([claims['session_id'], claims['intents'], claims['queries']], [sessionId, ['content.upload'], []])
})

test('whoever asks again has the same token; another subject, tenant, scope or bound has another', async () => {
  const { mint } = serviceTokens(key, 'biplane-gateway')
  const token = await mint(viewer)
  assert.equal(await mint({ ...viewer }), token)
  for (const more of [
    { subject: 'grace' },
    { tenantId: 'rival' },
    { scopes: ['event:read', 'intent:submit'] as const },
    { sessionId: `ses_${'0'.repeat(26)}` as SessionId },
    { intents: [] },
    { queries: [] },
  ]) {
    assert.notEqual(await mint({ ...viewer, ...more }), token, JSON.stringify(more))
  }
})

test('what stays open has a token that ends with what was shown, or after the hour that a runtime takes', async () => {
  const { mintLong } = serviceTokens(key, 'biplane-gateway')
  const lifeOf = async (endsAtMs: number) => {
    const { iat = 0, exp = 0 } = decodeJwt(await mintLong(viewer, endsAtMs))
    return exp - iat
  }
  assert.ok(Math.abs((await lifeOf(Date.now() + 90_000)) - 90) <= 1)
  assert.equal(await lifeOf(Infinity), 3_600)
})

test('the key is an Ed25519 private key, as PEM or JWK; the id that a JWK has is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-service-key-'))
  const read = async (content: string) => {
    await writeFile(join(folder, 'key'), content)
    return readServiceKey(join(folder, 'key'))
  }
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const jwk = pair.privateKey.export({ format: 'jwk' })
  assert.deepEqual((await read(pem)).header, { alg: 'EdDSA' })
  assert.deepEqual((await read(JSON.stringify({ ...jwk, kid: '2026' }))).header, { alg: 'EdDSA', kid: '2026' })
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  for (const wrong of [
    pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    rsa.export({ type: 'pkcs8', format: 'pem' }).toString(),
    '{}',
  ]) {
    await assert.rejects(read(wrong), Error)
  }
  await rm(folder, { recursive: true })
})

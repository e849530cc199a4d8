import assert from 'node:assert/strict'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'
import type { EndedIntent, Problem } from '@biplane/protocol'

import { type GuardedHouse, openGuardedHouse } from '../testing/guarded-house.ts'
import { type NewKey, createKey, listKeys, revokeKey } from './key-file.ts'

let folder: string
let keys: string
let house: GuardedHouse
const COUNT = '/v1/trial-bench/count'

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-api-keys-'))
  keys = join(folder, 'keys.json')
  await createKey(keys, { name: 'first', tenant_id: 'acme', role: 'viewer' })
  house = await openGuardedHouse(async () => ({ keys }))
})
after(async () => {
  await house[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const codeOf = ({ body }: { body: unknown }) => (body as Problem).code
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const statusOf = async (key: string) => (await house.call('GET', '/v1/session', undefined, bearer(key))).status

/** A key that the gateway has read already. */
async function keyFor(wish: Partial<NewKey> & { name: string }): Promise<string> {
  const { key } = await createKey(keys, { tenant_id: 'acme', role: 'user', ...wish })
  await until('the key to be read', async () => (await statusOf(key)) === 200)
  return key
}

test('a key that is made while the gateway runs lets its program in, in either header, as its tenant and role', async () => {
  const key = await keyFor({ name: 'importer' })
  const { status, body } = await house.call('POST', COUNT, { to: 1 }, bearer(key))
  assert.equal(status, 202)
  const path = `/v1/session/${(body as EndedIntent).session_id}`
  const read = await house.call('GET', path, undefined, { 'x-api-key': key })
  assert.deepEqual(
    [read.status, (read.body as { session: object }).session],
    [200, { ...(read.body as { session: object }).session, tenant_id: 'acme', user_id: 'key:importer' }],
  )
  assert.equal(
    (await house.call('POST', `/v1/execution/${(body as EndedIntent).execution_id}/pause`, {}, bearer(key))).status,
    403,
  )
  const rival = await keyFor({ name: 'rival', tenant_id: 'rival' })
  assert.equal((await house.call('GET', path, undefined, bearer(rival))).status, 404)
})

test('a revoked key is out within a second, and so is a stream that it opened', async () => {
  const key = await keyFor({ name: 'doomed' })
  const { body } = await house.call('POST', COUNT, { to: 1 }, bearer(key))
  const stream = await fetch(`${house.url}/v1/session/${(body as EndedIntent).session_id}/events?live=sse&offset=-1`, {
    headers: bearer(key),
  })
  let isEnded = false
  void stream.text().then(() => (isEnded = true))
  await revokeKey(keys, 'doomed')
  const revokedAt = performance.now()
  await until('the key to be refused', async () => (await statusOf(key)) === 401)
  await until('the stream to end', () => isEnded)
  assert.ok(performance.now() - revokedAt < 2_000)
  const answer = await house.call('GET', '/v1/session', undefined, bearer(key))
  assert.match((answer.body as Problem).detail, /doomed was revoked/)
})

test('a key that has expired, or is unknown, is out', async () => {
  const { key } = await createKey(keys, {
    name: 'expired',
    tenant_id: 'acme',
    role: 'user',
    expires_at: new Date(Date.now() - 1_000).toISOString(),
  })
  await keyFor({ name: 'read-after-it' })
  for (const one of [key, `bpk_${'x'.repeat(43)}`, 'bpk_', `${key}x`]) assert.equal(await statusOf(one), 401, one)
})

test('while the file cannot be read nobody knows whose a key is; when it can be again, all is as before', async () => {
  const key = await keyFor({ name: 'patient' })
  const whole = `${keys}.whole`
  await rename(keys, whole)
  await writeFile(keys, '{"format":1,"keys":[')
  await until('it to be noticed', async () => (await statusOf(key)) === 503)
  const answer = await house.call('GET', '/v1/session', undefined, bearer(key))
  assert.deepEqual([answer.status, codeOf(answer)], [503, 'keys_unavailable'])
  assert.equal((await house.call('GET', '/v1/session', undefined, await house.bearer({ tenant: 'acme' }))).status, 200)
  await rename(whole, keys)
  await until('it to be read', async () => (await statusOf(key)) === 200)
  assert.ok((await listKeys(keys)).length > 0)
})

// Who asks: a command that brings a key or a token does what that allows, says whose it is by it, and never prints it.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { runProcess } from '@biplane/client/testing'

import { type House, type Ran, documentsOf, openHouse } from './testing/house.ts'

let house: House
let folder: string
let key: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-cli-token-'))
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const [service, trusted, keys] = ['service.jwk', 'trusted.pem', 'keys.json'].map((name) => join(folder, name))
  await writeFile(service as string, JSON.stringify(privateKey.export({ format: 'jwk' })), { mode: 0o600 })
  await writeFile(trusted as string, publicKey.export({ type: 'spki', format: 'pem' }))
  const args = ['keys', 'create', 'nightly', 'acme', 'operator', '--file', keys as string, '--json']
  const made = await runProcess({ main: 'experience/cli/src/main.ts', args })
  key = (JSON.parse(made.printed) as { key: string }).key
  house = await openHouse(
    { BIPLANE_AUTH: trusted as string },
    { BIPLANE_SERVICE_KEY: service as string, BIPLANE_KEYS: keys as string },
  )
})
after(async () => {
  await house[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const order = (...more: string[]) => ['corner-shop', 'order', '--sku', 'apple', '--euros', '1', ...more]
const mentions = (secret: string, ...all: Ran[]) =>
  all.some(({ out, err }) => out.includes(secret) || err.includes(secret))

test('a key is enough to say who asks and whose it is; without one it is said how to give one', async () => {
  const [none, wrong, byEnvironment, byOption] = await Promise.all([
    house.biplane(['sessions']),
    house.biplane(['sessions', '--key', 'bpk_nonsense']),
    house.biplane(order('--json'), { env: { BIPLANE_API_KEY: key } }),
    house.biplane(['executions', '--key', key, '--token', 'both']),
  ])
  assert.deepEqual([none.code, wrong.code, byEnvironment.code, byOption.code], [5, 5, 0, 2], byEnvironment.err)
  assert.match(none.err, /\(unauthenticated\)\n {2}Give --token or --key, or set BIPLANE_TOKEN or BIPLANE_API_KEY\./)
  assert.equal(documentsOf(byEnvironment).at(-1).execution.tenant_id, 'acme')
  const [other, broken] = await Promise.all([
    house.biplane(['sessions', '--tenant', 'rival', '--key', key]),
    house.biplane(['sessions', '--key', `${key}\n`]),
  ])
  assert.deepEqual([other.code, broken.code], [8, 2])
  const help = await house.biplane(['--help'], { env: { BIPLANE_API_KEY: key, BIPLANE_TOKEN: 'secret-token' } })
  assert.ok(!mentions(key, none, wrong, byEnvironment, byOption, other, broken, help), 'the key is never printed')
  assert.ok(!mentions('secret-token', help) && !mentions('bpk_nonsense', wrong))
})

test('a token of a session opens that session and nothing else, and ends when it was to', async () => {
  const env = { BIPLANE_API_KEY: key }
  const [inside, outside] = await Promise.all([
    house.biplane(order('--json'), { env }),
    house.biplane(order('--json'), { env }),
  ])
  const [{ session_id, execution_id }, other] = [inside, outside].map((ran) => documentsOf(ran)[0])
  const made = await house.biplane(['token', '--session', session_id, '--expires-in', '60'], { env })
  const token = made.out.trim()
  assert.deepEqual([made.code, /It ends (in \d+ s|in 1 min)\./.test(made.err)], [0, true], made.err)
  const bearer = { env: { BIPLANE_TOKEN: token } }
  const [mine, theirs, mayNot] = await Promise.all([
    house.biplane(['show', execution_id], bearer),
    house.biplane(['show', other.execution_id], bearer),
    house.biplane(['cancel', execution_id], bearer),
  ])
  assert.deepEqual([mine.code, theirs.code, mayNot.code], [0, 8, 5], mine.err)
  assert.match(mayNot.err, /execution:operate/)
  assert.ok(!mentions(token, mine, theirs, mayNot))
  const document = await house.biplane(['token', '--scope', 'event:read', '--json'], { env })
  assert.deepEqual(Object.keys(documentsOf(document)[0]), ['type', 'token', 'expires_at'])
})

// The two planes as containers run them, without containers: each on an address of its own, keys of their own between them, and
// the runtime called by its name.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import type { EndedIntent, Problem, Session } from '@biplane/protocol'

import { type Plane, startGateway, startRuntime, stop } from './planes.ts'
import { ROOT } from './repository.ts'
import { type Scratch, makeScratch } from './scratch.ts'

/** Linux alone has a second loopback address; elsewhere the name is all that tells the two planes apart. */
const RUNTIME_ADDRESS = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1'
/** Stands in for the name server of a container network. */
const NAMES = `
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

const { lookup } = dns
dns.lookup = (name, ...others) => lookup(name === 'runtime' ? '${RUNTIME_ADDRESS}' : name, ...others)
syncBuiltinESMExports()
`

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
let volume: Scratch
let runtime: Plane
let gateway: Plane

before(async () => {
  volume = makeScratch()
  volume.write('public.pem', publicKey.export({ type: 'spki', format: 'pem' }).toString())
  volume.write('private.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  volume.write('names.mjs', NAMES)
  runtime = await startRuntime(volume.path, {
    BIPLANE_CONFIG: join(ROOT, 'runtime.config.ts'),
    BIPLANE_AUTH: join(volume.path, 'public.pem'),
    BIPLANE_HOSTS: 'runtime',
    RUNTIME_HOST: RUNTIME_ADDRESS,
  })
  gateway = await startGateway(`http://runtime:${new URL(runtime.url).port}`, {
    BIPLANE_SERVICE_KEY: join(volume.path, 'private.pem'),
    NODE_OPTIONS: `--import ${join(volume.path, 'names.mjs')}`,
  })
})

after(async () => {
  await stop(gateway)
  await stop(runtime)
  volume[Symbol.dispose]()
})

/** A token as a gateway mints it. */
function tokenOf(tenant_id: string, key: KeyObject = privateKey): string {
  const exp = Math.floor(Date.now() / 1000) + 60
  const claims = { aud: 'biplane-runtime', sub: 'a-check', tenant_id, scope: 'event:read', exp }
  const text = [{ alg: 'EdDSA' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

async function get(url: string, token?: string): Promise<[status: number, body: unknown]> {
  const response = await fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
  return [response.status, await response.json()]
}

const refusal = ([status, body]: [number, unknown]) => [status, (body as Problem).code]

/** Uploads a small table through the gateway, and waits for its outcome. */
async function upload(): Promise<EndedIntent> {
  const form = new FormData()
  form.append('tenant_id', 'acme')
  form.append('file', new Blob(['order_id,amount\n1,10\n2,20\n'], { type: 'text/csv' }), 'orders.csv')
  const init = { method: 'POST', body: form, headers: { prefer: 'wait=30' } }
  const response = await fetch(`${gateway.url}/v1/content/upload`, init)
  assert.equal(response.status, 200)
  return (await response.json()) as EndedIntent
}

test('an upload goes through the gateway to the runtime that it calls by name', async () => {
  const { status, session_id } = await upload()
  assert.equal(status, 'completed')
  const [, read] = await get(`${gateway.url}/v1/session/${session_id}?tenant_id=acme`)
  assert.equal((read as { session: Session }).session.tenant_id, 'acme')
})

test('the runtime lets nobody in but its gateway, and each tenant to its own alone', async () => {
  const { session_id } = await upload()
  const session = `${runtime.url}/api/session/${session_id}`
  const stranger = generateKeyPairSync('ed25519').privateKey
  assert.deepEqual(refusal(await get(`${session}?tenant_id=acme`)), [401, 'unauthenticated'])
  assert.deepEqual(refusal(await get(session, tokenOf('acme', stranger))), [401, 'unauthenticated'])
  assert.deepEqual(refusal(await get(session, tokenOf('rival'))), [404, 'session_not_found'])
  const [status] = await get(session, tokenOf('acme'))
  assert.equal(status, 200)
})

test('neither plane opens to other machines without knowing who calls', async () => {
  using empty = makeScratch()
  for (const [main, variable] of [
    ['runtime/src/main.ts', 'RUNTIME_HOST'],
    ['experience/gateway/src/main.ts', 'GATEWAY_HOST'],
  ] as const) {
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, BIPLANE_DATA: empty.path, [variable]: '0.0.0.0' }
    const started = promisify(execFile)(process.execPath, [join(ROOT, main)], { cwd: ROOT, env })
    await assert.rejects(started, (error: { code?: number; stderr?: string }) => {
      assert.equal(error.code, 2)
      assert.match(error.stderr ?? '', /BIPLANE_AUTH/)
      return true
    })
  }
})

// The two planes as compose.yaml runs them, without an engine for containers: what each image would hold is built in a folder of its
// own by its Dockerfile, and its command is started there with the environment that compose gives it. Paths of volumes lead into
// the scratch folder, and each service has a loopback address of its own.

import assert from 'node:assert/strict'
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { type KeyObject, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import type { EndedIntent, Problem, Session } from '@biplane/protocol'
import { parse } from 'yaml'

import { type Plane, stop } from '../planes.ts'
import { ROOT } from '../repository.ts'
import { type Scratch, makeScratch } from '../scratch.ts'
import { buildFolder } from './build-folder.ts'
import { readDockerfile } from './read-dockerfile.ts'

interface Service {
  build: { dockerfile: string }
  command?: string[]
  environment?: Record<string, string>
}

const { services } = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<'keys' | 'runtime' | 'experience', Service>
}
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

let volume: Scratch
let runtime: Plane
let gateway: Plane
let apiKey: string
let privateKey: KeyObject

/** A path of a volume, in the scratch folder. */
const mounted = (value: string): string => value.replace(/^\/(keys|data)(?=\/|$)/, `${volume.path}/$1`)
const folderOf = ({ build }: Service): string => join(volume.path, build.dockerfile.split('/')[0] ?? '')

function environmentOf(service: Service, more: Record<string, string>): NodeJS.ProcessEnv {
  const given = { ...readDockerfile(service.build.dockerfile).env, ...service.environment }
  const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, mounted(value)]))
  return { PATH: process.env['PATH'], ...env, BIPLANE_LOG: 'error', ...more }
}

/** Resolves when it says where it listens. */
async function startService(service: Service, more: Record<string, string>): Promise<Plane> {
  const [, ...args] = service.command ?? readDockerfile(service.build.dockerfile).command
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: folderOf(service),
    env: environmentOf(service, more),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`${args[0]} exited with ${String(code)}`)),
  )
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string }]
  ended.catch(() => {})
  return { child, url: message.url }
}

/** Runs a command in the container of a service. */
const runIn = (service: Service, ...args: string[]): string =>
  execFileSync(process.execPath, args.map(mounted), {
    cwd: folderOf(service),
    env: environmentOf(service, {}),
    encoding: 'utf8',
  })

const keyFrom = (line: string): string => (JSON.parse(line) as { key: string }).key

before(async () => {
  volume = makeScratch()
  volume.write('names.mjs', NAMES)
  for (const service of [services.runtime, services.experience]) {
    buildFolder(readDockerfile(service.build.dockerfile), folderOf(service))
  }
  const makeKeys = services.keys.command?.slice(1) ?? []
  runIn(services.keys, ...makeKeys)
  privateKey = createPrivateKey(readFileSync(mounted('/keys/private/service.pem')))
  apiKey = keyFrom(
    runIn(services.experience, 'experience/cli/src/main.ts', 'keys', 'create', 'first', 'acme', '--json'),
  )
  runtime = await startService(services.runtime, { RUNTIME_HOST: RUNTIME_ADDRESS, RUNTIME_PORT: '0' })
  gateway = await startService(services.experience, {
    RUNTIME_URL: `http://runtime:${new URL(runtime.url).port}`,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: '0',
    NODE_OPTIONS: `--import ${join(volume.path, 'names.mjs')}`,
  })
})

after(async () => {
  if (gateway) await stop(gateway)
  if (runtime) await stop(runtime)
  volume[Symbol.dispose]()
})

/** A token as a gateway mints it. */
function tokenOf(tenant_id: string, key = privateKey): string {
  const exp = Math.floor(Date.now() / 1000) + 60
  const claims = {
    iss: 'biplane-gateway',
    aud: 'biplane-runtime',
    sub: 'a-check',
    tenant_id,
    scope: 'event:read',
    iat: exp - 60,
    exp,
  }
  const text = [{ alg: 'EdDSA', typ: 'biplane+jwt' }, claims]
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
  const init = { method: 'POST', body: form, headers: { prefer: 'wait=30', authorization: `Bearer ${apiKey}` } }
  const response = await fetch(`${gateway.url}/v1/content/upload`, init)
  assert.equal(response.status, 200)
  return (await response.json()) as EndedIntent
}

test('an upload goes through the gateway to the runtime that it calls by name', async () => {
  const { status, session_id } = await upload()
  assert.equal(status, 'completed')
  const [, read] = await get(`${gateway.url}/v1/session/${session_id}`, apiKey)
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

test('nobody who brings no key gets in at the experience', async () => {
  assert.deepEqual(refusal(await get(`${gateway.url}/v1/session?tenant_id=acme`)), [401, 'unauthenticated'])
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

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { createClient } from '@biplane/client'
import { startProcess, until } from '@biplane/client/testing'
import type { ArtifactRef, EndedIntent, Problem } from '@biplane/protocol'
import * as tus from 'tus-js-client'

import { type ExperienceOptions, createExperience } from '../../gateway.ts'
import { openGuardedHouse } from '../../testing/guarded-house.ts'
import { type House, call, openHouse } from '../../testing/house.ts'

const MiB = 1024 * 1024
const GiB = 1024 ** 3
const TUS = { 'tus-resumable': '1.0.0' }
const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' }

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house[Symbol.asyncDispose]())

interface View {
  upload: { upload_id: string; size: number; offset: number; expires_at: string; artifact: ArtifactRef | null }
}

const artifactOf = (bytes: Buffer) => `art_${createHash('sha256').update(bytes).digest('hex')}`
const codeOf = ({ body }: { body: unknown }) => (body as Problem).code
const folder = () => join(house.runtime.folder, 'uploads')

/** Sends it with a client that is not ours. Answers the artifact that the last answer names, and the address of the upload. */
function send(bytes: Buffer, url: string, options: Partial<tus.UploadOptions> = {}) {
  return new Promise<{ artifact: string | undefined; address: string }>((resolve, reject) => {
    const upload: tus.Upload = new tus.Upload(bytes, {
      endpoint: `${url}/v1/uploads?tenant_id=acme`,
      retryDelays: Array.from({ length: 200 }, () => 50),
      onError: reject,
      onSuccess: ({ lastResponse }) =>
        resolve({ artifact: lastResponse.getHeader('Artifact-Id'), address: upload.url ?? '' }),
      ...options,
    })
    upload.start()
  })
}

/** A gateway of its own in front of the same runtime, to call. */
async function openGateway(name: string, more: Partial<ExperienceOptions> = {}) {
  const uploadsFolder = join(house.runtime.folder, name)
  const options = { runtimeUrl: house.runtime.url, surfaces: ['rest'] as const, port: 0, logLevel: 'error' as const }
  const gateway = await createExperience({ ...options, uploadsFolder, ...more })
  const url = await gateway.listen()
  return {
    url,
    uploadsFolder,
    call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
      call(url, method, path, body, headers),
    [Symbol.asyncDispose]: () => gateway.close(),
  }
}

/** By hand: what a client library would not send. */
const begin = async (tenant: string, size: number, headers: Record<string, string> = {}) => {
  const given = { ...TUS, 'upload-length': String(size), ...headers }
  return house.call('POST', `/v1/uploads?tenant_id=${tenant}`, undefined, given)
}
const begun = async (tenant: string, size: number) => (await begin(tenant, size)).headers.get('location') ?? ''
const patch = (address: string, offset: number, bytes: string | Blob, headers = {}) =>
  house.call('PATCH', address, bytes, { ...BYTES, 'upload-offset': String(offset), ...headers })

async function download(artifactId: string): Promise<Buffer> {
  const client = createClient({ url: `${house.url}/v1`, tenantId: 'acme' })
  const { stream } = await client.getArtifact(artifactId)
  return Buffer.concat(await Array.fromAsync(stream))
}

test('an upload in many pieces becomes an artifact, and an intent takes its reference', async () => {
  const bytes = randomBytes(3 * MiB)
  const metadata = { filename: 'bücher.csv', filetype: 'text/csv' }
  const { artifact, address } = await send(bytes, house.url, { chunkSize: MiB, metadata })
  assert.equal(artifact, artifactOf(bytes))
  const { body } = await call('', 'GET', address)
  const { upload } = body as View
  assert.deepEqual([upload.offset, upload.size], [bytes.length, bytes.length])
  assert.deepEqual(upload.artifact, {
    artifact_id: artifact,
    name: 'bücher.csv',
    media_type: 'text/csv',
    size: bytes.length,
  })
  assert.deepEqual(await download(artifact ?? ''), bytes)
  const kept = await house.call(
    'POST',
    '/v1/trial-bench/keep',
    { tenant_id: 'acme', file: upload.artifact },
    { prefer: 'wait=10' },
  )
  assert.equal(kept.status, 200, JSON.stringify(kept.body))
  const { name, size } = (kept.body as EndedIntent).result as { name: string; size: number }
  assert.deepEqual([name, size], ['bücher.csv', bytes.length])
  assert.deepEqual(
    (await readdir(folder())).filter((file) => file.endsWith('.bytes')),
    [],
    'the gateway keeps no bytes of what the runtime has',
  )
})

test('a gateway that is killed in the middle of a request takes up where the bytes ended, to the byte', async () => {
  const bytes = randomBytes(20 * MiB)
  const start = (port: string) =>
    startProcess({
      main: 'experience/gateway/src/main.ts',
      args: ['--only', 'rest'],
      env: {
        RUNTIME_URL: house.runtime.url,
        GATEWAY_PORT: port,
        BIPLANE_UPLOADS: join(house.runtime.folder, 'killed'),
        BIPLANE_LOG: 'error',
      },
    })
  let gateway = await start('0')
  const { url } = gateway
  try {
    const length = { ...TUS, 'upload-length': String(bytes.length) }
    const address = (await call(url, 'POST', '/v1/uploads?tenant_id=acme', undefined, length)).headers.get('location')
    const cut = assert.rejects(sendPart(url + address, bytes.subarray(0, 8 * MiB)))
    const came = async () => ((await call(url, 'GET', address ?? '')).body as View).upload.offset
    await until('bytes to come', async () => (await came()) > 4 * MiB)
    await gateway.end('SIGKILL')
    await cut
    gateway = await start(new URL(url).port)
    const offset = await came()
    const requests: string[] = []
    const { artifact } = await send(bytes, url, {
      uploadUrl: url + address,
      onBeforeRequest: (request) => void requests.push(`${request.getMethod()} ${request.getHeader('Upload-Offset')}`),
    })
    assert.deepEqual(requests, ['HEAD undefined', `PATCH ${offset}`])
    assert.equal(artifact, artifactOf(bytes))
    assert.deepEqual(await download(artifact ?? ''), bytes)
  } finally {
    await gateway.end('SIGTERM')
  }
})

test('a connection that hangs does not keep its sender from going on by another', async () => {
  const bytes = randomBytes(MiB)
  const address = await begun('acme', bytes.length)
  const hanging = sendPart(house.url + address, bytes.subarray(0, 1000)).catch(() => null)
  const came = async () => ((await house.call('GET', address)).body as View).upload.offset
  await until('bytes to come', async () => (await came()) === 1000)
  const { artifact } = await send(bytes, house.url, { uploadUrl: house.url + address })
  assert.equal(artifact, artifactOf(bytes))
  await hanging
})

/** A request that sends these bytes and then says nothing more. */
function sendPart(address: string, bytes: Buffer) {
  async function* body() {
    yield bytes
    await new Promise(() => {})
  }
  const headers = { ...BYTES, 'upload-offset': '0' }
  return fetch(address, { method: 'PATCH', body: ReadableStream.from(body()), duplex: 'half', headers })
}

test('the last byte is taken when the runtime has them all: a client waits for a runtime that is away', async () => {
  await using own = await openHouse()
  const bytes = randomBytes(MiB)
  await own.runtime.kill()
  let refused = 0
  const sent = send(bytes, own.url, {
    onAfterResponse: (_request, response) => {
      if (response.getStatus() === 503) refused++
    },
  })
  await until('the runtime to be missed', () => refused > 0)
  await own.runtime.start()
  assert.equal((await sent).artifact, artifactOf(bytes))
})

test('an upload is told how far it came, and is gone when it is taken back', async () => {
  const address = await begun('acme', 10)
  assert.match(address, /^\/v1\/uploads\/upl_[0-9a-f]{32}\?tenant_id=acme$/)
  const first = await patch(address, 0, '0123')
  assert.deepEqual([first.status, first.headers.get('upload-offset')], [204, '4'])
  const head = await house.call('HEAD', address, undefined, TUS)
  assert.deepEqual(
    [head.status, head.headers.get('upload-offset'), head.headers.get('upload-length')],
    [200, '4', '10'],
  )
  const { upload } = (await house.call('GET', address)).body as View
  assert.deepEqual([upload.offset, upload.artifact], [4, null])
  assert.ok(Date.parse(upload.expires_at) > Date.now() + 23 * 3_600_000)
  assert.equal((await house.call('DELETE', address, undefined, TUS)).status, 204)
  assert.equal(codeOf(await house.call('GET', address)), 'upload_not_found')
  assert.equal((await house.call('HEAD', address, undefined, TUS)).status, 404)
})

test('what of tus is offered here is told to everybody', async () => {
  const { status, headers } = await house.call('OPTIONS', '/v1/uploads')
  const told = ['tus-version', 'tus-max-size', 'tus-extension'].map((name) => headers.get(name))
  assert.deepEqual(
    [status, ...told],
    [204, '1.0.0', String(5 * GiB), 'creation,creation-with-upload,expiration,termination'],
  )
})

test('bytes may come with the beginning, and an upload of none is whole at once', async () => {
  const whole = await house.call('POST', '/v1/uploads?tenant_id=acme', 'id\n1\n', { ...BYTES, 'upload-length': '5' })
  assert.deepEqual([whole.status, whole.headers.get('artifact-id')], [201, artifactOf(Buffer.from('id\n1\n'))])
  const empty = await begin('acme', 0)
  assert.deepEqual([empty.status, empty.headers.get('artifact-id')], [201, artifactOf(Buffer.alloc(0))])
})

test("another tenant's upload is not there, whatever is asked of it", async () => {
  const address = await begun('acme', 10)
  const theirs = address.replace('=acme', '=rival')
  for (const [method, body] of [['GET'], ['HEAD'], ['DELETE'], ['PATCH', 'rival']] as const) {
    const headers = method === 'PATCH' ? { ...BYTES, 'upload-offset': '0' } : TUS
    const answer = await house.call(method, theirs, body, headers)
    assert.equal(answer.status, 404, method)
    if (method !== 'HEAD') assert.equal(codeOf(answer), 'upload_not_found')
  }
  const { upload } = (await house.call('GET', address)).body as View
  assert.equal(upload.offset, 0)
})

test('with a token an upload is of its tenant, and of nobody who may not submit', async () => {
  await using guarded = await openGuardedHouse()
  const user = await guarded.bearer({ tenant: 'acme', more: { role: 'user' } })
  const length = { ...TUS, 'upload-length': '3' }
  const begun = await guarded.call('POST', '/v1/uploads', undefined, { ...length, ...user })
  const address = begun.headers.get('location') ?? ''
  assert.match(address, /^\/v1\/uploads\/upl_[0-9a-f]{32}$/)
  const others: [claims: object, status: number][] = [
    [{ tenant: 'rival', more: { role: 'admin' } }, 404],
    [{ tenant: 'acme', more: { role: 'viewer' } }, 403],
    [{ tenant: 'acme', expires: '-1m' }, 401],
  ]
  for (const [claims, status] of others) {
    const bearer = await guarded.bearer(claims)
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      const answer = await guarded.call(method, address, undefined, { ...TUS, ...bearer })
      assert.equal(answer.status, status, `${method} ${JSON.stringify(claims)}`)
    }
  }
  const viewer = await guarded.bearer({ tenant: 'acme', more: { role: 'viewer' } })
  assert.equal(codeOf(await guarded.call('POST', '/v1/uploads', undefined, { ...length, ...viewer })), 'forbidden')
  const sent = await guarded.call('PATCH', address, 'abc', { ...BYTES, 'upload-offset': '0', ...user })
  assert.equal(sent.headers.get('artifact-id'), artifactOf(Buffer.from('abc')))
})

test('what does not fit is refused as a problem, and the upload goes on as it was', async () => {
  const address = await begun('acme', 4)
  const nameless = '/v1/uploads'
  const cases: [what: string, answer: Promise<{ status: number; body: unknown }>, status: number, code: string][] = [
    ['no tenant', house.call('POST', nameless, undefined, { ...TUS, 'upload-length': '1' }), 400, 'tenant_required'],
    ['no version', house.call('POST', `${nameless}?tenant_id=acme`), 412, 'tus_version_unsupported'],
    ['another version', begin('acme', 1, { 'tus-resumable': '0.2.2' }), 400, 'tus_request_invalid'],
    ['no length', house.call('POST', `${nameless}?tenant_id=acme`, undefined, TUS), 400, 'tus_request_invalid'],
    ['a length later', begin('acme', 1, { 'upload-defer-length': '1' }), 400, 'tus_request_invalid'],
    ['broken metadata', begin('acme', 1, { 'upload-metadata': 'name ???' }), 400, 'tus_request_invalid'],
    ['over 5 GiB', begin('acme', 5 * GiB + 1), 413, 'body_too_large'],
    ['a wrong offset', patch(address, 1, 'a'), 409, 'upload_offset_differs'],
    ['more than was said', patch(address, 0, 'abcdef'), 413, 'body_too_large'],
    ['another media type', patch(address, 0, 'a', { 'content-type': 'text/plain' }), 400, 'tus_request_invalid'],
    ['an id of another kind', house.call('GET', '/v1/uploads/..%2fx?tenant_id=acme'), 404, 'upload_not_found'],
    ['PUT', house.call('PUT', address), 405, 'method_not_allowed'],
  ]
  for (const [what, asked, status, code] of cases) {
    const answer = await asked
    assert.deepEqual([answer.status, codeOf(answer)], [status, code], what)
  }
  assert.equal((await patch(address, 0, 'abcd')).headers.get('artifact-id'), artifactOf(Buffer.from('abcd')))
})

test('no tenant may fill the gateway: its unfinished uploads are bounded, and all of them together', async () => {
  await using own = await openGateway('full')
  const open = async (tenant: string) =>
    own.call('POST', `/v1/uploads?tenant_id=${tenant}`, undefined, { ...TUS, 'upload-length': String(5 * GiB) })
  const first = await open('t0')
  assert.equal((await open('t0')).status, 201)
  assert.deepEqual(((answer) => [answer.status, codeOf(answer)])(await open('t0')), [429, 'quota_exceeded'])
  for (const tenant of ['t1', 't2', 't3', 't4'])
    for (let i = 0; i < 2; i++) assert.equal((await open(tenant)).status, 201)
  const full = await open('t5')
  assert.deepEqual([full.status, codeOf(full)], [507, 'storage_full'])
  assert.equal((await own.call('DELETE', first.headers.get('location') ?? '', undefined, TUS)).status, 204)
  assert.equal((await open('t5')).status, 201)
})

test('an upload that is older than a day is not there any more, and its bytes go', async () => {
  await using own = await openGateway('old')
  const { uploadsFolder: uploads } = own
  const { headers } = await own.call('POST', '/v1/uploads?tenant_id=acme', 'abc', { ...BYTES, 'upload-length': '5' })
  const record = (await readdir(uploads)).find((file) => file.endsWith('.json')) ?? ''
  const kept = JSON.parse(await readFile(join(uploads, record), 'utf8')) as { created_ms: number }
  await writeFile(join(uploads, record), JSON.stringify({ ...kept, created_ms: kept.created_ms - 86_400_001 }))
  assert.equal(codeOf(await own.call('GET', headers.get('location') ?? '')), 'upload_not_found')
  // What a gateway leaves that is killed as an upload begins.
  await writeFile(join(uploads, '61-upl_begun.bytes'), '')
  await writeFile(join(uploads, '61-upl_begun.json.new'), '{')
  await using later = await openGateway('old')
  await until('its files to be gone', async () => (await readdir(uploads)).length === 0)
  assert.equal(codeOf(await later.call('GET', headers.get('location') ?? '')), 'upload_not_found')
})

test('a large upload passes through in little memory', async () => {
  const sizeMiB = 192
  const address = await begun('acme', sizeMiB * MiB)
  const before = process.memoryUsage().rss
  let peak = 0
  async function* body() {
    const chunk = Buffer.alloc(MiB)
    for (let sent = 0; sent < sizeMiB; sent++) {
      yield chunk
      peak = Math.max(peak, process.memoryUsage().rss - before)
    }
  }
  const headers = { ...BYTES, 'upload-offset': '0' }
  const answer = await fetch(house.url + address, {
    method: 'PATCH',
    body: ReadableStream.from(body()),
    duplex: 'half',
    headers,
  })
  assert.equal(answer.status, 204)
  assert.ok(peak < (sizeMiB / 2) * MiB, `sender and gateway grew by ${Math.round(peak / MiB)} MiB`)
})

test('a page of a configured origin may send and see what tus needs, and another may not', async () => {
  await using own = await openGateway('pages', { origins: ['https://app.example.com'] })
  const ask = (origin: string) =>
    fetch(`${own.url}/v1/uploads?tenant_id=acme`, {
      method: 'POST',
      headers: { ...TUS, 'upload-length': '1', origin },
    })
  const ours = await ask('https://app.example.com')
  assert.equal(ours.status, 201)
  assert.equal(ours.headers.get('access-control-allow-origin'), 'https://app.example.com')
  assert.match(ours.headers.get('access-control-expose-headers') ?? '', /Location.*Upload-Offset/)
  const other = await ask('https://other.example.com')
  assert.deepEqual([other.status, other.headers.get('access-control-allow-origin')], [403, null])
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'
import type { EndedIntent, Problem } from '@biplane/protocol'

import { type House, openHouse } from '../testing/house.ts'

let house: House
const KEEP = '/v1/trial-bench/keep'
const MiB = 1024 * 1024

before(async () => {
  house = await openHouse()
})
after(() => house[Symbol.asyncDispose]())

const keep = (body: unknown, query = '', headers: Record<string, string> = {}) =>
  house.call('POST', `${KEEP}${query}`, body, { prefer: 'wait=10', ...headers })

const codeOf = ({ body }: { body: unknown }) => (body as Problem).code
const resultOf = ({ body }: { body: unknown }) => (body as EndedIntent).result

function form(...parts: [name: string, value: string | Blob, filename?: string][]): FormData {
  const data = new FormData()
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') data.append(name, value)
    else data.append(name, value, filename)
  }
  return data
}

const csv = (text = 'id\n1\n') => new Blob([text], { type: 'text/csv' })

/** Files that the runtime keeps for its artifacts, of whatever tenant. */
const storedFiles = async () =>
  (await readdir(`${house.runtime.folder}/data/artifacts`, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  ).length

test('a form with its fields before the file is stored and submitted, each field as its type', async () => {
  const answer = await keep(
    form(
      ['tenant_id', 'acme'],
      ['label', '7'],
      ['copies', '2'],
      ['tags', 'a'],
      ['tags', 'b'],
      ['file', csv(), 'orders.csv'],
    ),
  )
  assert.equal(answer.status, 200)
  assert.deepEqual(resultOf(answer), { name: 'orders.csv', size: 5, label: '7', copies: 2, tags: ['a', 'b'] })
})

test('fields may stand in the query instead', async () => {
  const answer = await keep(form(['file', csv(), 'q.csv']), '?tenant_id=acme&label=x')
  assert.deepEqual(resultOf(answer), { name: 'q.csv', size: 5, label: 'x', copies: null, tags: [] })
})

test('the bare bytes are taken under any content type, with their name in the query', async () => {
  for (const type of ['text/csv', 'application/octet-stream', 'text/plain']) {
    const answer = await keep('id\n1\n', '?tenant_id=acme&name=raw.csv&copies=3', { 'content-type': type })
    assert.deepEqual(resultOf(answer), { name: 'raw.csv', size: 5, label: null, copies: 3, tags: [] }, type)
  }
})

test('small content may come inside JSON, and what is stored already by its reference', async () => {
  const inline = { tenant_id: 'acme', filename: 'in.csv', file_data: Buffer.from('id\n1\n').toString('base64') }
  assert.deepEqual(resultOf(await keep(inline)), { name: 'in.csv', size: 5, label: null, copies: null, tags: [] })
  const stored = await house.call('POST', '/v1/artifact?tenant_id=acme', 'id\n1\n', { 'content-type': 'text/csv' })
  assert.equal(stored.status, 201)
  const { artifact_id } = stored.body as { artifact_id: string }
  const answer = await keep({ tenant_id: 'acme', file: { artifact_id, name: 'ref.csv' } })
  assert.deepEqual(resultOf(answer), { name: 'ref.csv', size: 5, label: null, copies: null, tags: [] })
})

test('the same upload with the same key is one execution', async () => {
  const key = { 'idempotency-key': 'upload-1' }
  const first = await keep(form(['tenant_id', 'acme'], ['file', csv(), 'k.csv']), '', key)
  const second = await keep(form(['tenant_id', 'acme'], ['file', csv(), 'k.csv']), '', key)
  assert.equal((second.body as EndedIntent).execution_id, (first.body as EndedIntent).execution_id)
})

test('content inside JSON has a bound, and says where more of it goes', async () => {
  const at = (bytes: number) => ({ tenant_id: 'acme', file_data: Buffer.alloc(bytes, 'x').toString('base64') })
  assert.equal((await keep(at(256 * 1024))).status, 200)
  const tooLarge = await keep(at(256 * 1024 + 1))
  assert.deepEqual([tooLarge.status, codeOf(tooLarge)], [413, 'file_data_too_large'])
  assert.match((tooLarge.body as Problem).advice, /multipart/)
})

test('an upload that cannot be read is refused with the reason', async () => {
  const tenant: [string, string] = ['tenant_id', 'acme']
  const cases: [what: string, body: unknown, headers: Record<string, string>, code: string, detail: RegExp][] = [
    [
      'a field after the file',
      form(tenant, ['file', csv(), 'a.csv'], ['label', 'x']),
      {},
      'upload_invalid',
      /label comes/,
    ],
    [
      'a file in another field',
      form(tenant, ['other', csv(), 'a.csv']),
      {},
      'upload_invalid',
      /one file in each of: file/,
    ],
    [
      'two files in one field',
      form(tenant, ['file', csv(), 'a'], ['file', csv(), 'b']),
      {},
      'upload_invalid',
      /"file"/,
    ],
    ['no tenant before the file', form(['file', csv(), 'a.csv'], tenant), {}, 'tenant_required', /./],
    ['no file', form(tenant), {}, 'payload_invalid', /./],
    ['no boundary', 'x', { 'content-type': 'multipart/form-data' }, 'upload_invalid', /oundary/],
    ['an unended form', '--b\r\n', { 'content-type': 'multipart/form-data; boundary=b' }, 'upload_incomplete', /./],
    ['not base64', { tenant_id: 'acme', file_data: '%%%' }, {}, 'body_invalid', /base64/],
    ['both ways at once', { tenant_id: 'acme', file: {}, file_data: 'aWQ=' }, {}, 'body_invalid', /must not be given/],
    [
      'two tenants',
      form(tenant, ['tenant_id', 'other'], ['file', csv(), 'a']),
      {},
      'duplicate_fields_differ',
      /tenant_id/,
    ],
  ]
  for (const [what, body, headers, code, detail] of cases) {
    const answer = await keep(body, '', headers)
    assert.equal(codeOf(answer), code, what)
    assert.match((answer.body as Problem).detail, detail, what)
  }
})

test('a form that breaks off in the middle of its file leaves nothing', async () => {
  const before = await storedFiles()
  const head = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
  const type = { 'content-type': 'multipart/form-data; boundary=b' }
  const answer = await keep(`${head}id\n`, '?tenant_id=acme', type)
  assert.equal(codeOf(answer), 'upload_incomplete')
  assert.equal(await storedFiles(), before)
})

for (const [kind, head] of [
  ['form', '--b\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'],
  ['bare body', ''],
] as const) {
  test(`a sender who leaves in the middle of a ${kind} leaves nothing`, async () => {
    const before = await storedFiles()
    const { hostname, port, host } = new URL(house.url)
    const type = kind === 'form' ? 'multipart/form-data; boundary=b' : 'application/octet-stream'
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write(
      `POST ${KEEP}?tenant_id=acme HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\n` +
        `Content-Length: ${8 * MiB}\r\n\r\n${head}${'x'.repeat(4 * MiB)}`,
    )
    await until('the upload to reach the runtime', async () => (await storedFiles()) > before)
    socket.destroy()
    await until('it to be gone', async () => (await storedFiles()) === before)
  })
}

const FORM_TYPE = 'multipart/form-data; boundary=b'
const FORM_HEAD = '--b\r\ncontent-disposition: form-data; name="file"; filename="big"\r\n\r\n'

for (const [kind, type, head, tail] of [
  ['form', FORM_TYPE, FORM_HEAD, '\r\n--b--\r\n'],
  ['bare body', 'application/octet-stream', '', ''],
] as const) {
  test(`a large ${kind} passes through in little memory`, async () => {
    const sizeMiB = 256
    const chunk = Buffer.alloc(MiB)
    const before = process.memoryUsage().rss
    let peak = 0
    async function* body() {
      yield Buffer.from(head)
      for (let sent = 0; sent < sizeMiB; sent++) {
        yield chunk
        peak = Math.max(peak, process.memoryUsage().rss - before)
      }
      yield Buffer.from(tail)
    }
    const url = `${house.url}${KEEP}?tenant_id=acme${kind === 'form' ? '' : '&name=big'}`
    const headers = { prefer: 'wait=30', 'content-type': type }
    const response = await fetch(url, { method: 'POST', body: ReadableStream.from(body()), duplex: 'half', headers })
    const kept = { name: 'big', size: sizeMiB * MiB, label: null, copies: null, tags: [] }
    assert.deepEqual(resultOf({ body: await response.json() }), kept)
    assert.ok(peak < (sizeMiB / 2) * MiB, `sender and gateway grew by ${Math.round(peak / MiB)} MiB`)
  })
}

test('what is wrong with the fields is said before the file is taken, and nothing is left', async () => {
  const before = await storedFiles()
  const bytes = new Blob([new Uint8Array(16 * MiB)])
  const asked: [what: string, body: unknown, query: string, status: number, code: string][] = [
    ['a form', form(['tenant_id', 'neat'], ['copies', 'many'], ['file', bytes, 'a']), '', 422, 'payload_invalid'],
    ['a bare body', bytes, '?tenant_id=neat&copies=many', 422, 'payload_invalid'],
    ['JSON', { tenant_id: 'neat', copies: 'many', file_data: 'aWQ=' }, '', 422, 'payload_invalid'],
    ['a name that no store keeps', bytes, '?tenant_id=neat&name=%00', 400, 'text_invalid'],
  ]
  for (const [what, body, query, status, code] of asked) {
    const answer = await keep(body, query)
    assert.deepEqual([answer.status, codeOf(answer)], [status, code], what)
  }
  assert.equal(await storedFiles(), before)
  assert.deepEqual((await house.call('GET', '/v1/session?tenant_id=neat')).body, { items: [], next: null })
})

test('a sender of much hears at once that the runtime is away', async () => {
  await using own = await openHouse()
  await own.runtime.kill()
  const body = new Blob(Array.from({ length: 16 }, () => new Uint8Array(MiB)))
  const answer = await own.call('POST', `${KEEP}?tenant_id=acme`, body)
  assert.deepEqual([answer.status, codeOf(answer)], [503, 'runtime_unavailable'])
  assert.equal(answer.headers.get('retry-after'), '1')
})

// What the runtime's server takes from a socket, and what becomes of one that asks for more. Each bound is shown over a raw socket.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { type RawSocket, codeOf, head, openRaw, statusOf } from './testing/raw-socket.ts'

const CONNECTIONS_MAX = 60

const LIMITS = {
  headerBytesMax: 4_096,
  urlCharsMax: 1_000,
  headersMsMax: 600,
  bodyMsMax: 600,
  uploadStallMsMax: 600,
  lingerMsMax: 1_000,
  pipelinedMax: 10,
  keepAliveMsMax: 600,
}
const JSON_TYPE = 'content-type: application/json'

let runtime: TestRuntime

before(async () => {
  runtime = await TestRuntime.start([], { limits: { server: LIMITS } })
})
after(() => runtime[Symbol.asyncDispose]())

const open = (): Promise<RawSocket> => openRaw(runtime.url)

/** Everything that comes of sending this. */
async function answerTo(text: string | Uint8Array): Promise<string> {
  const raw = await open()
  raw.write(text)
  return raw.closed
}

async function refusedWith(text: string | Uint8Array, status: number, code: string): Promise<void> {
  const answer = await answerTo(text)
  assert.deepEqual([statusOf(answer), codeOf(answer)], [status, code])
}

const isWell = async () => assert.equal((await runtime.call('GET', '/health')).status, 200)

// Most of them wait for a time to be over: together.
describe('a socket', { concurrency: true }, () => {
  test('a socket that says nothing is closed, and so is one whose headers do not end', async () => {
    await refusedWith('', 408, 'request_timeout')
    await refusedWith('GET /health HTTP/1.1\r\nhost: localhost\r\nx-slow: ', 408, 'request_timeout')
  })

  test('headers that drip in one by one have no more time than those that come at once', async () => {
    const raw = await open()
    raw.write('GET /health HTTP/1.1\r\nhost: localhost\r\n')
    const drip = setInterval(() => raw.write('x: y\r\n'), 20)
    const answer = await raw.closed
    clearInterval(drip)
    assert.deepEqual([statusOf(answer), codeOf(answer)], [408, 'request_timeout'])
  })

  test('headers and addresses have a size', async () => {
    await refusedWith(head('GET /health', `x-large: ${'x'.repeat(5_000)}`), 431, 'headers_too_large')
    const long = 'x'.repeat(1_100)
    await refusedWith(head(`GET /api/session/${long}?tenant_id=acme`, 'connection: close'), 414, 'url_too_long')
    await refusedWith(head(`GET /api/session?tenant_id=${long}`, 'connection: close'), 414, 'url_too_long')
    await refusedWith(head('GET /api/session/%zz?tenant_id=acme', 'connection: close'), 404, 'route_not_found')
  })

  test('what is not HTTP, or not HTTP that all read alike, is refused and the socket closed', async (t) => {
    const cases: [name: string, text: string | Uint8Array][] = [
      ['garbage', 'hello there\r\n\r\n'],
      ['the start of a TLS handshake', new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])],
      ['two lengths', head('POST /api/session/create', 'content-length: 2', 'content-length: 3')],
      ['a length and chunks', head('POST /api/session/create', 'content-length: 2', 'transfer-encoding: chunked')],
      ['a chunk of no size', `${head('POST /api/session/create', JSON_TYPE, 'transfer-encoding: chunked')}zz\r\n`],
      ['a header with a control character', head('GET /health', 'x: a\u0001b')],
      ['a space before the colon', head('GET /health', 'content-length : 0')],
      ['no Host', 'GET /health HTTP/1.1\r\n\r\n'],
    ]
    for (const [name, text] of cases) {
      await t.test(name, async () => assert.equal(statusOf(await answerTo(text)), 400))
    }
    await isWell()
  })

  test('garbage behind a good request does not keep the good one from its answer', async () => {
    const answer = await answerTo(`${head('GET /health')}garbage\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 200 /)
    assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1)
  })

  test('a body that drips in has its time and no more', async () => {
    const raw = await open()
    raw.write(head('POST /api/session/create', JSON_TYPE, 'content-length: 1000'))
    const drip = setInterval(() => raw.write(' '), 20)
    const answer = await raw.closed
    clearInterval(drip)
    assert.deepEqual([statusOf(answer), codeOf(answer)], [408, 'request_timeout'])
  })

  test('a body that is too large is refused at its length, or where it becomes too large', async () => {
    await refusedWith(head('POST /api/session/create', JSON_TYPE, 'content-length: 2000000'), 413, 'body_too_large')
    const raw = await open()
    raw.write(head('POST /api/session/create', JSON_TYPE, 'transfer-encoding: chunked'))
    for (let i = 0; i < 20; i++) raw.write(`10000\r\n${' '.repeat(0x10000)}\r\n`)
    const answer = await raw.closed
    assert.deepEqual([statusOf(answer), codeOf(answer)], [413, 'body_too_large'])
  })

  test('an upload may be slow but must not stand still; then nothing of it is kept', async () => {
    const raw = await open()
    raw.write(head('POST /api/artifact?tenant_id=acme', 'content-length: 100'))
    for (let i = 0; i < 8; i++) {
      raw.write('x')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.equal(raw.text, '', 'it moved, so it was let go on for longer than it may stand still')
    const answer = await raw.closed
    assert.deepEqual([statusOf(answer), codeOf(answer)], [408, 'request_timeout'])
    const { readdir } = await import('node:fs/promises')
    assert.deepEqual(await readdir(`${runtime.folder}/artifacts/incoming`), [])
  })

  test('whoever goes on sending what was refused is answered, and then cut off', async () => {
    const raw = await open()
    raw.write(head('POST /api/artifact?tenant_id=no/tenant', 'content-length: 5000000000'))
    const flood = setInterval(() => raw.write('x'.repeat(10_000)), 5)
    const answer = await raw.closed
    clearInterval(flood)
    assert.deepEqual([statusOf(answer), codeOf(answer)], [400, 'body_invalid'])
  })

  test('requests may be pipelined, so many at a time', async () => {
    const raw = await open()
    raw.write(head('GET /health').repeat(10))
    await waitFor(() => (raw.text.match(/HTTP\/1\.1 200/g)?.length === 10 ? true : null), 'ten answers')
    const { body } = await runtime.call('POST', '/api/session/create', { tenant_id: 'acme' })
    const poll = `GET /api/session/${body.session.session_id}/events?tenant_id=acme&live=long-poll&offset=now`
    raw.write(head(poll).repeat(11))
    const answers = await raw.closed
    assert.equal(answers.match(/HTTP\/1\.1/g)?.length, 10, 'no answer to any of the eleven')
    await isWell()
  })

  test('a socket is kept for another request for a while only', async () => {
    const raw = await open()
    raw.write(head('GET /health'))
    assert.match(await raw.closed, /^HTTP\/1\.1 200/)
  })

  test('a client that has sent its request and closed its half is still answered', async () => {
    const raw = await open()
    raw.socket.end(head('GET /health', 'connection: close'))
    assert.match(await raw.closed, /^HTTP\/1\.1 200/)
  })

  test('one that offers another protocol beside HTTP is answered in HTTP', async () => {
    const answer = await answerTo(head('GET /health', 'connection: upgrade, close', 'upgrade: h2c'))
    assert.match(answer, /^HTTP\/1\.1 200/)
  })

  test('a key that stands twice in a body is refused', async () => {
    const twice = '{"tenant_id":"acme","tenant_id":"other"}'
    const answer = await runtime.call('POST', '/api/session/create', twice, { 'content-type': 'application/json' })
    assert.deepEqual([answer.status, answer.body.code], [400, 'malformed_json'])
    assert.match(answer.body.detail, /stands twice/)
  })

  test('a page of a configured origin may ask before it sends, and any other page may not', async () => {
    await using other = await TestRuntime.start([], { origins: ['https://app.example'] })
    const ask = (origin: string) =>
      other.call('OPTIONS', '/api/intent/submit', undefined, { origin, 'access-control-request-method': 'POST' })
    const allowed = await ask('https://app.example')
    assert.equal(allowed.status, 204)
    assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /Authorization/)
    assert.equal((await ask('https://evil.example')).status, 403)
  })
})

test('more sockets than there may be are closed, and those that are open go on', async () => {
  await using runtime = await TestRuntime.start([], { limits: { server: { connectionsMax: CONNECTIONS_MAX } } })
  const { body } = await runtime.call('POST', '/api/session/create', { tenant_id: 'acme' })
  const follow = head(`GET /api/session/${body.session.session_id}/events?tenant_id=acme&live=sse&offset=-1`)
  const all = await Promise.all(Array.from({ length: CONNECTIONS_MAX + 20 }, () => openRaw(runtime.url)))
  for (const { write } of all) write(follow)
  const isOver = ({ socket, text }: RawSocket) => socket.destroyed || text !== ''
  await waitFor(() => all.every(isOver) || null, 'each is answered or closed')
  const served = all.filter(({ text }) => text.startsWith('HTTP/1.1 200')).length
  assert.ok(served > 0 && served <= CONNECTIONS_MAX, `${served} were served`)
  for (const { socket } of all) socket.destroy()
  await waitFor(async () => (await runtime.call('GET', '/health').catch(() => null))?.status === 200, 'room again')
})

// What the gateway's server takes from a socket, and what becomes of one that asks for more. Each bound is shown over a raw socket.
// What is refused here is refused before a runtime would be asked, so there is none.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import { until } from '@biplane/client/testing'
import { MAX_BODY_BYTES } from '@biplane/protocol'

import { type Experience, type ExperienceOptions, createExperience } from '../gateway.ts'
import {
  type RawSocket,
  closeCodeOf,
  codeOf,
  frame,
  head,
  openRaw,
  statusOf,
  upgradeTo,
} from '../testing/raw-socket.ts'
import { createWebSocketSurface } from '../websocket/websocket.ts'
import type { Surface } from './kit.ts'
import type { ServerLimits } from './server-limits.ts'

const LIMITS: Partial<ServerLimits> = {
  headerBytesMax: 4_096,
  headersMsMax: 400,
  bodyMsMax: 400,
  keepAliveMsMax: 400,
  silenceMsMax: 1_000,
  lingerMsMax: 400,
  pipelinedMax: 10,
}
const CONNECTIONS_MAX = 30
const JSON_TYPE = 'content-type: application/json'
/** Where bodies are read whole. */
const READERS = ['/v1/session/create', '/mcp']

let folder: string
let options: ExperienceOptions
let gateway: Experience
let url: string
/** Ends the requests that wait. */
const waiting = Promise.withResolvers<string>()
const slow: Surface = { name: 'slow', mount: (app) => void app.get('/slow', () => waiting.promise) }

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-hardening-'))
  options = {
    surfaces: ['rest', createWebSocketSurface({ messageBytesMax: 1_000, fragmentsMax: 4 }), 'mcp', slow],
    port: 0,
    runtimeUrl: 'http://127.0.0.1:9',
    logLevel: 'silent',
    uploadsFolder: join(folder, 'uploads'),
    server: LIMITS,
  }
  gateway = await createExperience(options)
  url = await gateway.listen()
})
after(async () => {
  waiting.resolve('over')
  await gateway.close()
  await rm(folder, { recursive: true, force: true })
})

/** Everything that comes of sending this. */
async function answerTo(...texts: (string | Uint8Array)[]): Promise<string> {
  const raw = await openRaw(url)
  for (const text of texts) raw.write(text)
  return raw.closed
}

/** The same of what goes on coming, piece by piece. */
async function answerToDrip(text: string, piece: string, everyMs = 20): Promise<string> {
  const raw = await openRaw(url)
  raw.write(text)
  const drip = setInterval(() => raw.write(piece), everyMs)
  const answer = await raw.closed
  clearInterval(drip)
  return answer
}

function assertRefused(answer: string, status: number, code: string, what?: string): void {
  assert.deepEqual([statusOf(answer), codeOf(answer)], [status, code], what)
  assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1, what)
}

const isWell = async () => assert.equal((await fetch(`${url}/auth/me`)).status, 200)

// Most of them wait for a time to be over: together.
describe('a socket', { concurrency: true }, () => {
  test('that says nothing is closed, and so is one whose headers do not end, however they come', async () => {
    const begun = 'GET /health HTTP/1.1\r\nhost: localhost\r\n'
    const answers = [answerTo(''), answerTo(`${begun}x-slow: `), answerToDrip(begun, 'x: y\r\n')]
    for (const answer of await Promise.all(answers)) assertRefused(answer, 408, 'request_timeout')
  })

  test('has headers up to a size', async () => {
    assertRefused(await answerTo(head('GET /health', `x-large: ${'x'.repeat(5_000)}`)), 431, 'headers_too_large')
    assertRefused(await answerTo(head(`GET /${'x'.repeat(5_000)}`)), 431, 'headers_too_large')
  })

  test('on which something else comes than HTTP that all read alike is refused and closed', async () => {
    const post = (...headers: string[]) => head('POST /v1/session/create', JSON_TYPE, ...headers)
    const smuggled = head('GET /auth/me')
    const cases: [what: string, text: string | Uint8Array][] = [
      ['garbage', 'hello there\r\n\r\n'],
      ['the start of a TLS handshake', new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])],
      ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      ['two lengths', `${post('content-length: 2', 'content-length: 3')}{}${smuggled}`],
      ['a length and chunks', `${post('content-length: 5', 'transfer-encoding: chunked')}0\r\n\r\n${smuggled}`],
      ['chunks and a length', `${post('transfer-encoding: chunked', 'content-length: 5')}0\r\n\r\n${smuggled}`],
      ['chunks of another name', `${post('transfer-encoding: chunked, identity')}0\r\n\r\n${smuggled}`],
      ['a length with a sign', `${post('content-length: +2')}{}${smuggled}`],
      ['a chunk of no size', `${post('transfer-encoding: chunked')}zz\r\n`],
      ['a header with a control character', head('GET /health', 'x: a\u0001b')],
      ['a space before the colon', head('GET /health', 'content-length : 0')],
      ['a header that goes on in the next line', head('GET /health', 'x: a\r\n transfer-encoding: chunked')],
    ]
    for (const [what, text] of cases) assertRefused(await answerTo(text), 400, 'request_malformed', what)
    assert.equal(statusOf(await answerTo('GET /health HTTP/1.1\r\n\r\n')), 400, 'no Host')
    await isWell()
  })

  test('that sends garbage behind a good request is answered for the good one, and closed', async () => {
    const answer = await answerTo(`${head('GET /auth/me')}garbage\r\n\r\n`)
    assert.equal(statusOf(answer), 200)
    assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1)
  })

  test('has its time for a body and no more, standing still or dripping', async () => {
    for (const reader of READERS) {
      const begun = head(`POST ${reader}`, JSON_TYPE, 'accept: */*', 'content-length: 1000')
      for (const answer of await Promise.all([answerTo(begun), answerToDrip(begun, ' ')])) {
        assertRefused(answer, 408, 'request_timeout', reader)
      }
    }
  })

  test('is refused a body at its length, or where it becomes too large', async () => {
    for (const reader of READERS) {
      const post = (length: string) => head(`POST ${reader}`, JSON_TYPE, 'accept: */*', length)
      const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
      const chunks = Array.from({ length: MAX_BODY_BYTES / 0x10000 + 2 }, () => chunk)
      assertRefused(await answerTo(post(`content-length: ${MAX_BODY_BYTES + 1}`)), 413, 'body_too_large', reader)
      assertRefused(await answerTo(post('transfer-encoding: chunked'), ...chunks), 413, 'body_too_large', reader)
    }
  })

  test('is refused JSON that is too deep, not UTF-8, or has a key twice', async () => {
    const cases: [code: string, body: Buffer][] = [
      ['body_too_deep', Buffer.from('['.repeat(100_000))],
      ['body_too_deep', Buffer.from(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`)],
      ['malformed_json', Buffer.from([0x7b, 0xff, 0x7d])],
      ['malformed_json', Buffer.from('{"tenant_id":"acme","tenant_id":"other"}')],
    ]
    for (const reader of READERS) {
      const headers = [JSON_TYPE, 'accept: application/json, text/event-stream', 'connection: close']
      for (const [code, body] of cases) {
        const post = head(`POST ${reader}`, ...headers, `content-length: ${body.length}`)
        assertRefused(await answerTo(post, body), 400, code, `${reader}: ${body.subarray(0, 20).toString()}`)
      }
    }
  })

  test('that goes on sending what was refused is answered, and then cut off', async () => {
    const begun = head('POST /v1/artifact?tenant_id=no/tenant', 'content-length: 5000000000')
    assertRefused(await answerToDrip(begun, 'x'.repeat(10_000), 5), 400, 'body_invalid')
  })

  test('sends so many requests at a time, and is closed with more', async () => {
    const raw = await openRaw(url)
    raw.write(head('GET /auth/me').repeat(10))
    await until('ten answers', () => raw.text.match(/HTTP\/1\.1 200/g)?.length === 10)
    raw.write(head('GET /slow').repeat(11))
    assert.equal((await raw.closed).match(/HTTP\/1\.1/g)?.length, 10, 'no answer to any of the eleven')
    await isWell()
  })

  test('is kept for another request for a while only, and for an answer while something moves', async () => {
    assert.equal(statusOf(await answerTo(head('GET /auth/me'))), 200)
    assert.equal(await answerTo(head('GET /slow')), '')
  })

  test('of another site, or for another host, is refused', async () => {
    const cases: [header: string, status: number, code: string][] = [
      ['host: evil.example', 421, 'host_refused'],
      ['host: localhost.evil.example', 421, 'host_refused'],
      ['origin: https://evil.example', 403, 'origin_refused'],
      ['origin: null', 403, 'origin_refused'],
    ]
    for (const [header, status, code] of cases) {
      for (const text of [
        head('GET /auth/me', header, 'connection: close'),
        upgradeTo('/v1/socket', header),
        upgradeTo('/v1/events', header),
      ]) {
        assertRefused(await answerTo(text), status, code, header)
      }
    }
    await isWell()
  })

  test('that is no WebSocket where one is opened is refused', async () => {
    const short = ['connection: upgrade', 'upgrade: websocket']
    assert.equal(statusOf(await answerTo(head('GET /v1/socket', ...short))), 400)
    assert.equal(statusOf(await answerTo(head('POST /v1/socket', ...short, 'content-length: 0'))), 405)
    assertRefused(
      await answerTo(head('GET /v1/socket', 'connection: upgrade, close', 'upgrade: h2c')),
      426,
      'upgrade_required',
    )
  })
})

describe('a WebSocket', () => {
  const PING = '{"type":"ping","id":"p"}'
  const TEXT_BEGINS = 0x01
  const GOES_ON = 0x00

  const cases: [what: string, code: number, frames: Buffer[]][] = [
    ['a frame without a mask', 1002, [frame(PING, { isMasked: false })]],
    ['a frame with bits that mean nothing', 1002, [frame(PING, { first: 0xf1 })]],
    ['a frame of no known kind', 1002, [frame(PING, { first: 0x83 })]],
    ['a piece of no message', 1002, [frame(PING, { first: GOES_ON })]],
    ['a ping that is too long', 1002, [frame('x'.repeat(126), { first: 0x89 })]],
    ['text that is not UTF-8', 1007, [frame(new Uint8Array([0xff, 0xfe]))]],
    ['a message that is too large', 1009, [frame('x'.repeat(1_001))]],
    ['a frame that says it is a terabyte', 1009, [frame(PING, { length: 2 ** 40 })]],
    ['a message that grows too large', 1009, pieces('x'.repeat(600), 2)],
    ['a message in too many pieces', 1008, pieces('x', 6)],
  ]

  function pieces(text: string, count: number): Buffer[] {
    return Array.from({ length: count }, (_, index) => frame(text, { first: index === 0 ? TEXT_BEGINS : GOES_ON }))
  }

  async function open(): Promise<RawSocket> {
    const raw = await openRaw(url)
    raw.write(upgradeTo('/v1/socket'))
    await until('the socket to be open', () => statusOf(raw.text) === 101)
    return raw
  }

  for (const [what, code, frames] of cases) {
    test(`${what} closes it with ${code}, and others go on`, async () => {
      const [other, raw] = [await open(), await open()]
      for (const one of frames) raw.write(one)
      assert.equal(closeCodeOf(await raw.closed), code)
      other.write(frame(PING))
      await until('the pong', () => other.text.includes('"pong"'))
      other.socket.destroy()
    })
  }
})

test('more sockets than there may be are closed, and those that are open go on', async () => {
  await using narrow = await createExperience({ ...options, server: { connectionsMax: CONNECTIONS_MAX } })
  const address = await narrow.listen()
  const all = await Promise.all(Array.from({ length: CONNECTIONS_MAX + 20 }, () => openRaw(address)))
  for (const { write } of all) write(head('GET /auth/me'))
  await until('each is answered or closed', () => all.every(({ socket, text }) => socket.destroyed || text !== ''))
  const served = all.filter(({ text }) => statusOf(text) === 200).length
  assert.ok(served > 0 && served <= CONNECTIONS_MAX, `${served} were served`)
  for (const { socket } of all) socket.destroy()
  await until('room again', async () => (await fetch(`${address}/auth/me`).catch(() => null))?.status === 200)
})

// What the runtime's WebSocket takes, and what becomes of a socket that asks for more.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'

import { WebSocket } from 'ws'

import { TestRuntime } from '../test-runtime.ts'
import { codeOf, head, openRaw, statusOf } from './testing/raw-socket.ts'
import { TokenMint } from './testing/token-mint.ts'

let mint: TokenMint
let runtime: TestRuntime

before(async () => {
  mint = await TokenMint.open()
  runtime = await TestRuntime.start([])
})
after(async () => {
  await runtime[Symbol.asyncDispose]()
  await mint[Symbol.asyncDispose]()
})

const KEY = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='
const UPGRADE = ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13']
const isWell = async () => assert.equal((await runtime.call('GET', '/health')).status, 200)

async function answerTo(text: string): Promise<string> {
  const raw = await openRaw(runtime.url)
  raw.write(text)
  return raw.closed
}

test('an upgrade that is none, or at another address, is refused and the socket closed', async () => {
  const cases: [text: string, status: number][] = [
    [head('GET /api/nothing', ...UPGRADE, KEY), 404],
    [head('GET //', ...UPGRADE, KEY), 404],
    [head('GET http://[bad/api/events', ...UPGRADE, KEY), 404],
    [head('GET /api/events', ...UPGRADE), 400],
    [head('GET /api/events', ...UPGRADE, 'sec-websocket-key: short'), 400],
    [head('GET /api/events', ...UPGRADE.slice(0, 2), 'sec-websocket-version: 99', KEY), 400],
    [head('POST /api/events', ...UPGRADE, KEY), 405],
  ]
  for (const [text, status] of cases) assert.equal(statusOf(await answerTo(text)), status, text)
  await isWell()
})

test('a page of another site cannot open a socket, nor one that calls us by a name of its own', async () => {
  const foreign = await answerTo(head('GET /api/events', ...UPGRADE, KEY, 'origin: https://evil.example'))
  assert.deepEqual([statusOf(foreign), codeOf(foreign)], [403, 'origin_refused'])
  const rebound = await answerTo(
    `GET /api/events HTTP/1.1\r\nhost: evil.example\r\n${UPGRADE.join('\r\n')}\r\n${KEY}\r\n\r\n`,
  )
  assert.deepEqual([statusOf(rebound), codeOf(rebound)], [421, 'host_refused'])
})

test('one that breaks off while it is looked at ends nothing but itself', async () => {
  await using guarded = await TestRuntime.start([], { auth: mint.file })
  const token = await mint.token()
  for (let i = 0; i < 20; i++) {
    const raw = await openRaw(guarded.url)
    raw.write(head('GET /api/events', ...UPGRADE, KEY, `authorization: Bearer ${token}${i}`))
    raw.socket.resetAndDestroy()
    await raw.closed
  }
  assert.equal((await guarded.call('GET', '/health')).status, 200)
})

async function open(): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const socket = new WebSocket(`${runtime.url.replace('http', 'ws')}/api/events`, { perMessageDeflate: true })
  socket.on('error', () => {})
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await once(socket, 'open')
  return { socket, closed }
}

test('nothing is compressed: a small message cannot become a large one', async () => {
  const { socket } = await open()
  assert.equal(socket.extensions, '')
  socket.close()
})

test('a message has a size, and a number of pieces', async () => {
  const large = await open()
  large.socket.send('x'.repeat(17_000))
  assert.equal(await large.closed, 1009)
  const pieces = await open()
  for (let i = 0; i < 40; i++) pieces.socket.send(' ', { fin: false })
  assert.equal(await pieces.closed, 1008)
  await isWell()
})

test('a frame that is none closes its socket', async () => {
  const raw = await openRaw(runtime.url)
  raw.write(head('GET /api/events', ...UPGRADE, KEY))
  while (!raw.text.includes('\r\n\r\n')) await once(raw.socket, 'data')
  assert.equal(statusOf(raw.text), 101)
  // Reserved bits are set, and nothing is masked.
  raw.write(new Uint8Array([0xff, 0xff, 0xff, 0xff]))
  await raw.closed
  await isWell()
})

test('one who sends nonsense is told so for a while, and then closed', async () => {
  const { socket, closed } = await open()
  let told = 0
  socket.on('message', () => told++)
  for (let i = 0; i < 500; i++) socket.send('nonsense')
  assert.equal(await closed, 1008)
  assert.equal(told, 100)
})

test('one who asks and asks and reads no answers is cut off before they fill the memory', async () => {
  const raw = await openRaw(runtime.url)
  raw.write(head('GET /api/events', ...UPGRADE, KEY))
  while (!raw.text.includes('\r\n\r\n')) await once(raw.socket, 'data')
  raw.socket.pause()
  const unknown = { type: 'subscribe', stream: 'x'.repeat(100), session_id: `ses_${'0'.repeat(26)}`, tenant_id: 'acme' }
  const asked = Buffer.concat(Array.from({ length: 500 }, () => masked(JSON.stringify(unknown))))
  const sender = setInterval(() => raw.write(asked), 5)
  await new Promise<void>((resolve) => raw.socket.once('error', () => resolve()))
  clearInterval(sender)
  raw.socket.destroy()
  await isWell()
})

/** A text frame of a client, masked with zeros. */
const masked = (text: string): Buffer => {
  const body = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 0xff, 0, 0, 0, 0]), body])
}

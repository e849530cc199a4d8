// Each bound of one socket, narrowed so that a test can reach it.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'

import { createExperience } from '../gateway.ts'
import { type House, openHouse } from '../testing/house.ts'
import type { SocketLimits } from './limits.ts'
import { openSlowLine } from './testing/slow-line.ts'
import { Speaker, type SpeakerOptions } from './testing/speaker.ts'
import { createWebSocketSurface } from './websocket.ts'

let house: House
const TENANT = 'acme'

before(async () => {
  house = await openHouse({ experience: { surfaces: ['websocket'] } })
})
after(() => house[Symbol.asyncDispose]())

/** A gateway with these limits, somebody who speaks to it, and its end. */
async function within(
  limits: Partial<SocketLimits>,
  use: (speaker: Speaker) => Promise<void>,
  { runtimeUrl = house.runtime.url, ...how }: SpeakerOptions & { runtimeUrl?: string } = {},
) {
  const surfaces = [createWebSocketSurface(limits)]
  const experience = await createExperience({ surfaces, port: 0, runtimeUrl, logLevel: 'error' })
  try {
    using speaker = await Speaker.open(await experience.listen(), how)
    await use(speaker)
  } finally {
    await experience.close()
  }
}

const echo = (text: string) => ({ type: 'query', query_type: 'trial_bench.echo', tenant_id: TENANT, payload: { text } })
const linger = { type: 'query', query_type: 'trial_bench.linger', tenant_id: TENANT }

test('a message that is too large closes the socket with 1009', () =>
  within({ messageBytesMax: 1_000 }, async (speaker) => {
    assert.equal((await speaker.ask(echo('x'.repeat(700)))).type, 'answer')
    speaker.say(echo('x'.repeat(1_000)))
    assert.equal((await speaker.ended()).code, 1009)
  }))

test('a message in too many pieces closes the socket with 1008', () =>
  within({ fragmentsMax: 4 }, async (speaker) => {
    for (let i = 0; i < 3; i++)
      speaker.socket.send(i === 0 ? '{"type":"ping",' : i === 1 ? '"id":' : '"p"}', { fin: i === 2 })
    await speaker.hears('pong', { id: 'p' })
    for (let i = 0; i < 6; i++) speaker.socket.send('x', { fin: false })
    assert.equal((await speaker.ended()).code, 1008)
  }))

test('so many requests are under way at once, and the next is refused until one is answered', () =>
  within({ requestsMax: 2 }, async (speaker) => {
    const note = `${house.runtime.folder}/limits`
    const session_id = await speaker.session()
    speaker.say({ ...linger, id: 'a', payload: { note } })
    const ask = { type: 'submit', intent_type: 'trial_bench.ask', tenant_id: TENANT, session_id, payload: {} }
    const { execution_id } = await speaker.ask({ ...ask, id: 'b', wait_ms: 30_000 })
    const refused = await speaker.ask(echo('x'))
    assert.deepEqual([refused['code'], refused['retry_after_ms']], ['rate_limited', 1_000])
    assert.equal((await speaker.ask({ type: 'ping' })).type, 'pong', 'what asks nothing of the runtime goes through')
    const approve = { type: 'signal', tenant_id: TENANT, execution_id, name: 'go', payload: null }
    assert.equal((await speaker.ask(approve))['code'], 'rate_limited')
    using other = await Speaker.open(house.url)
    await other.ask({ type: 'approve', tenant_id: TENANT, execution_id, name: 'go', approved: true })
    await speaker.hears('ended', { id: 'b' })
    await until('room', async () => (await speaker.ask(echo('x'))).type === 'answer')
  }))

test('one socket follows so many sessions, and one that is let go makes room', () =>
  within({ subscriptionsMax: 2 }, async (speaker) => {
    const sessions = [await speaker.session(), await speaker.session(), await speaker.session()]
    const [first = '', , third = ''] = sessions
    for (const session_id of sessions) speaker.say({ type: 'subscribe', session_id, tenant_id: TENANT })
    const refused = await speaker.hears('error')
    assert.deepEqual([refused['code'], refused['session_id']], ['rate_limited', third])
    speaker.say({ type: 'subscribe', session_id: first, tenant_id: TENANT })
    speaker.say({ type: 'unsubscribe', session_id: first })
    speaker.say({ type: 'subscribe', session_id: third, tenant_id: TENANT })
    await speaker.hears('caught_up', { session_id: third })
  }))

test('messages beyond the rate are refused, and who goes on all the same is closed with 1008', () =>
  within({ messagesPerSecond: 50, messagesBurst: 5 }, async (speaker) => {
    for (let i = 0; i < 8; i++) speaker.say({ type: 'ping', id: `p${i}` })
    assert.equal((await speaker.hears('error'))['code'], 'rate_limited')
    assert.ok(speaker.heard.filter(({ type }) => type === 'pong').length >= 5)
    await until('room', async () => (await speaker.ask({ type: 'ping' })).type === 'pong')
    for (let i = 0; i < 100; i++) speaker.say({ type: 'ping' })
    assert.equal((await speaker.ended()).code, 1008)
  }))

test('who lets answers pile up is closed with 1013', async () => {
  await using line = await openSlowLine(house.runtime.url)
  const read = async (speaker: Speaker) => {
    speaker.socket.pause()
    for (let i = 0; i < 24; i++) speaker.say({ ...echo('x'.repeat(900_000)), id: `l${i}` })
    await until('the questions to be asked', () => line.taken() > 20_000_000)
    await line.quiet()
    speaker.socket.resume()
    assert.deepEqual(await speaker.ended(), { code: 1013, reason: 'the reader is behind' })
  }
  await within({ heldBytesMax: 1024 * 1024 }, read, { runtimeUrl: line.url })
})

test('a peer that answers no ping is cut off, and one that does is kept', async () => {
  const beats: Partial<SocketLimits> = { pingEveryMs: 50 }
  await within(beats, async (speaker) => assert.equal((await speaker.ended()).code, 1006), { autoPong: false })
  await within(beats, async (speaker) => {
    for (let i = 0; i < 6; i++) await once(speaker.socket, 'ping')
    assert.equal((await speaker.ask({ type: 'ping' })).type, 'pong')
  })
})

test('a socket on which nothing is asked is closed, but not one that follows', async () => {
  const limits: Partial<SocketLimits> = { pingEveryMs: 20, idleMs: 60 }
  await within(limits, async (speaker) => {
    assert.deepEqual(await speaker.ended(), { code: 1000, reason: 'idle' })
  })
  await within(limits, async (speaker) => {
    const session_id = await speaker.session()
    speaker.say({ type: 'subscribe', session_id, tenant_id: TENANT })
    for (let i = 0; i < 8; i++) await once(speaker.socket, 'ping')
    assert.equal(speaker.closed, undefined)
  })
})

test('what is no frame of a WebSocket closes it, and the gateway goes on', async () => {
  const { hostname, port } = new URL(house.url)
  const raw = connect(Number(port), hostname)
  raw.write(
    `GET /v1/socket HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  const [head] = (await once(raw, 'data')) as [Buffer]
  assert.match(head.toString(), /^HTTP\/1\.1 101 /)
  raw.write('nonsense')
  raw.resume()
  await once(raw, 'close')
  using speaker = await Speaker.open(house.url)
  assert.equal((await speaker.ask({ type: 'ping' })).type, 'pong')
})

test('a gateway that stops says so to every socket', async () => {
  const experience = await createExperience({
    surfaces: ['websocket'],
    port: 0,
    runtimeUrl: house.runtime.url,
    logLevel: 'error',
  })
  const url = await experience.listen()
  const speakers = [await Speaker.open(url), await Speaker.open(url)]
  const [first] = speakers
  first?.say({ type: 'subscribe', session_id: await first.session(), tenant_id: TENANT })
  await first?.hears('caught_up')
  const began = performance.now()
  await experience.close()
  assert.ok(performance.now() - began < 4_000)
  for (const speaker of speakers) assert.equal((await speaker.ended()).code, 1001)
})

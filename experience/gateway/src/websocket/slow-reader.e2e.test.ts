// A reader that takes less than is said: what waits for it, and when it is given up.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'

import { createExperience } from '../gateway.ts'
import { type House, openHouse } from '../testing/house.ts'
import type { SocketLimits } from './limits.ts'
import { type SlowLine, openSlowLine } from './testing/slow-line.ts'
import { Speaker } from './testing/speaker.ts'
import { createWebSocketSurface } from './websocket.ts'

const TENANT = 'acme'
/** Together more than every buffer between the gateway and a reader. */
const ANSWERS = 24
const ANSWER_BYTES = 900_000

let house: House
let line: SlowLine

before(async () => {
  house = await openHouse({ experience: { surfaces: ['websocket'] } })
  line = await openSlowLine(house.runtime.url)
})
after(async () => {
  await line[Symbol.asyncDispose]()
  await house[Symbol.asyncDispose]()
})

async function gatewayWith(limits: Partial<SocketLimits>) {
  const surfaces = [createWebSocketSurface({ heldBytesMax: 64 * 1024 * 1024, stuckMs: 30_000, ...limits })]
  const gateway = await createExperience({ surfaces, port: 0, runtimeUrl: line.url, logLevel: 'error' })
  return { url: await gateway.listen(), [Symbol.asyncDispose]: () => gateway.close() }
}

const follow = (session_id: string, offset = '-1') => ({ type: 'subscribe', session_id, tenant_id: TENANT, offset })
const seqs = (speaker: Speaker, session: string) => speaker.events(session).map(({ seq }) => seq)

function askMuch(speaker: Speaker): void {
  const payload = { text: 'x'.repeat(ANSWER_BYTES) }
  for (let i = 0; i < ANSWERS; i++) {
    speaker.say({ type: 'query', id: `large${i}`, query_type: 'trial_bench.echo', tenant_id: TENANT, payload })
  }
}

/** Reads no further, so that the gateway is left with some of what was asked. */
async function getStuck(speaker: Speaker): Promise<void> {
  const before = line.given()
  speaker.socket.pause()
  askMuch(speaker)
  await until('the answers', () => line.given() - before > ANSWERS * ANSWER_BYTES)
}

test('a slow reader gets all of it when it reads again', async () => {
  await using gateway = await gatewayWith({})
  using speaker = await Speaker.open(gateway.url)
  const session_id = await speaker.session()
  await getStuck(speaker)
  speaker.say(follow(session_id))
  await line.quiet()
  speaker.socket.resume()
  for (let i = 0; i < ANSWERS; i++) await speaker.hears('answer', { id: `large${i}` })
  await speaker.hears('caught_up')
  assert.deepEqual(seqs(speaker, session_id), [1])
})

test('what waited for a reader who unsubscribes is not sent', async () => {
  await using gateway = await gatewayWith({})
  using speaker = await Speaker.open(gateway.url)
  const session_id = await speaker.session()
  await getStuck(speaker)
  speaker.say(follow(session_id))
  await line.quiet()
  speaker.say({ type: 'unsubscribe', session_id })
  speaker.socket.resume()
  for (let i = 0; i < ANSWERS; i++) await speaker.hears('answer', { id: `large${i}` })
  await speaker.ask({ type: 'ping' })
  assert.deepEqual(seqs(speaker, session_id), [])
})

for (const limits of [{ stallMs: 200 }, { stuckMs: 200 }]) {
  test(`a reader that has stalled is closed with 1013 by ${Object.keys(limits).join('')}, and resumes by its offset`, async () => {
    await using gateway = await gatewayWith(limits)
    using speaker = await Speaker.open(gateway.url)
    const session_id = await speaker.session()
    speaker.say(follow(session_id))
    const { offset } = await speaker.hears('caught_up')
    while (speaker.closed === undefined) {
      const before = speaker.heard.length
      speaker.socket.pause()
      askMuch(speaker)
      await line.quiet()
      speaker.socket.resume()
      // On a machine that is busy, a moment in which nothing moves may have been somebody else's.
      await until('an end', () => speaker.closed !== undefined || speaker.heard.length - before === ANSWERS)
    }
    assert.deepEqual(speaker.closed, { code: 1013, reason: 'the reader is behind' })
    using again = await Speaker.open(gateway.url)
    await again.ask({ type: 'close_session', tenant_id: TENANT, session_id })
    again.say(follow(session_id, String(offset)))
    await again.hears('closed')
    assert.deepEqual(seqs(again, session_id), [2, 3])
  })
}

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openLine, until } from '@biplane/client/testing'

import { createExperience } from '../gateway.ts'
import { type House, openHouse } from '../testing/house.ts'
import { Speaker } from './testing/speaker.ts'

let house: House
const TENANT = 'acme'
const follow = (session_id: string, more: object = {}) => ({
  type: 'subscribe',
  session_id,
  tenant_id: TENANT,
  ...more,
})
const count = (session_id: string, to: number) => ({
  type: 'submit',
  intent_type: 'trial_bench.count',
  tenant_id: TENANT,
  session_id,
  payload: { to },
})
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
const seqs = (speaker: Speaker, session: string) => speaker.events(session).map(({ seq }) => seq)
const has = (speaker: Speaker, session: string, type: string) =>
  until(type, () => speaker.events(session).some((event) => event.type === type))

before(async () => {
  house = await openHouse({ experience: { surfaces: ['websocket'] } })
})
after(() => house[Symbol.asyncDispose]())

test('many sessions are followed on one socket, each in order, until each is closed', async () => {
  using speaker = await Speaker.open(house.url)
  const sessions = await Promise.all(upTo(5).map(() => speaker.session()))
  for (const session_id of sessions) speaker.say(follow(session_id))
  for (const session_id of sessions) await speaker.hears('caught_up', { session_id })
  await Promise.all(sessions.map((session_id) => speaker.ask(count(session_id, 10))))
  for (const session_id of sessions) {
    await has(speaker, session_id, 'execution.completed')
    await speaker.ask({ type: 'close_session', tenant_id: TENANT, session_id })
    const { offset } = await speaker.hears('closed', { session_id })
    const all = seqs(speaker, session_id)
    assert.deepEqual(all, upTo(all.length))
    assert.equal(Number(offset), all.length)
  }
})

test('a reader who comes back with an offset goes on behind it, and `now` is what comes next', async () => {
  const first = await Speaker.open(house.url)
  const session_id = await first.session()
  first.say(follow(session_id))
  await first.ask(count(session_id, 3))
  await has(first, session_id, 'execution.completed')
  const offset = first.heard.filter(({ type }) => type === 'event')[2]?.['offset']
  first.socket.terminate()
  using second = await Speaker.open(house.url)
  second.say(follow(session_id, { offset }))
  await has(second, session_id, 'execution.completed')
  assert.equal(seqs(second, session_id)[0], 4)
  using third = await Speaker.open(house.url)
  third.say(follow(session_id, { offset: 'now' }))
  await third.hears('caught_up')
  await third.ask({ type: 'close_session', tenant_id: TENANT, session_id })
  await third.hears('closed')
  assert.deepEqual(
    third.events(session_id).map(({ type }) => type),
    ['session.closing', 'session.closed'],
  )
})

test('who subscribes again is sent it once, from the new offset; who unsubscribes is sent nothing more', async () => {
  using speaker = await Speaker.open(house.url)
  const [session_id, other] = [await speaker.session(), await speaker.session()]
  speaker.say(follow(session_id, { offset: 'now' }))
  speaker.say(follow(session_id))
  await speaker.hears('caught_up', { session_id })
  await speaker.ask(count(session_id, 2))
  await has(speaker, session_id, 'execution.completed')
  const all = seqs(speaker, session_id)
  assert.deepEqual(all, upTo(all.length))
  speaker.say({ type: 'unsubscribe', session_id })
  assert.equal((await speaker.ask({ type: 'ping' })).type, 'pong')
  speaker.say(follow(other))
  await speaker.ask({ type: 'close_session', tenant_id: TENANT, session_id })
  await speaker.ask({ type: 'close_session', tenant_id: TENANT, session_id: other })
  await speaker.hears('closed', { session_id: other })
  assert.deepEqual(seqs(speaker, session_id), all)
})

for (const leave of ['unsubscribes', 'goes'] as const) {
  test(`when the only reader of a session ${leave}, the runtime is read no more`, async () => {
    await using line = await openLine(house.runtime.url)
    await using gateway = await at(line.url)
    using speaker = await Speaker.open(gateway.url)
    const session_id = await speaker.session()
    speaker.say(follow(session_id))
    await speaker.hears('caught_up')
    // One for requests and one for what happens, beside that of the session's making.
    await until('the runtime to be listened to', () => line.open() === 3)
    if (leave === 'goes') speaker.socket.close()
    else speaker.say({ type: 'unsubscribe', session_id })
    await until('it to be let go', () => line.open() < 3)
  })
}

test('the runtime is killed in the middle, and a reader on its socket misses and repeats nothing', async () => {
  await using own = await openHouse({ experience: { surfaces: ['websocket'] } })
  using speaker = await Speaker.open(own.url)
  const session_id = await speaker.session()
  speaker.say(follow(session_id))
  await speaker.ask(count(session_id, 200))
  await until('some of it', () => seqs(speaker, session_id).length > 50)
  await own.runtime.kill()
  const away = await speaker.ask({ type: 'list_sessions', tenant_id: TENANT })
  assert.deepEqual([away['code'], away['retry_after_ms']], ['runtime_unavailable', 1000])
  await own.runtime.start()
  await has(speaker, session_id, 'execution.completed')
  const all = seqs(speaker, session_id)
  assert.ok(all.length > 400)
  assert.deepEqual(all, upTo(all.length))
})

async function at(runtimeUrl: string) {
  const experience = await createExperience({ surfaces: ['websocket'], port: 0, runtimeUrl, logLevel: 'error' })
  return { url: await experience.listen(), [Symbol.asyncDispose]: () => experience.close() }
}

// Many readers at a gateway, over the one connection that it has to the runtime.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { type CuttableLine, openLine, until } from '@biplane/client/testing'
import type { Event } from '@biplane/protocol'

import { type Experience, createExperience } from '../gateway.ts'
import { type GuardedHouse, openGuardedHouse } from '../testing/guarded-house.ts'
import { call } from '../testing/house.ts'
import { type Heard, Speaker } from '../websocket/testing/speaker.ts'

let house: GuardedHouse
let line: CuttableLine
let gateway: Experience
let url: string

before(async () => {
  house = await openGuardedHouse()
  line = await openLine(house.runtime.url)
  const surfaces = ['rest', 'websocket'] as const
  const rate = { subject: { perSecond: 10_000, burst: 10_000 }, tenant: { perSecond: 10_000, burst: 10_000 } }
  gateway = await createExperience({
    ...house.options,
    surfaces,
    port: 0,
    runtimeUrl: line.url,
    logLevel: 'error',
    rate,
    uploadsFolder: `${house.folder}/uploads`,
  })
  url = await gateway.listen()
})
after(async () => {
  await gateway.close()
  await line[Symbol.asyncDispose]()
  await house[Symbol.asyncDispose]()
})

const asTenant = (tenant: string) => house.bearer({ tenant, more: { role: 'user' } })

async function newSession(tenant: string): Promise<string> {
  const { body } = await call(house.url, 'POST', '/v1/session/create', { tenant_id: tenant }, await asTenant(tenant))
  return (body as { session: { session_id: string } }).session.session_id
}

async function begin(tenant: string, session_id: string, to: number): Promise<void> {
  const body = { tenant_id: tenant, session_id, to }
  const { status } = await call(house.url, 'POST', '/v1/trial-bench/count', body, await asTenant(tenant))
  assert.equal(status, 202)
}

const close = async (tenant: string, session: string) =>
  call(house.url, 'POST', `/v1/session/${session}/close`, {}, await asTenant(tenant))

const eventsIn = (text: string): Event[] =>
  [...text.matchAll(/^event: data\ndata:(.*)$/gm)].flatMap(([, data]) => JSON.parse(data!) as Event[])

interface Begun {
  /** When it is read to its end. */
  seqs: Promise<number[]>
}

/** Resolves when it is being read. */
async function readServerSent(tenant: string, session: string): Promise<Begun> {
  const headers = await asTenant(tenant)
  const answer = await fetch(`${url}/v1/session/${session}/events?live=sse&offset=-1`, { headers })
  return { seqs: answer.text().then((text) => eventsIn(text).map(({ seq }) => seq)) }
}

async function readOnSocket(tenant: string, session_id: string): Promise<Begun> {
  const speaker = await Speaker.open(url, { headers: await asTenant(tenant) })
  speaker.say({ type: 'subscribe', session_id })
  await speaker.hears('event', { session_id })
  const seqs = speaker.hears('closed', { session_id }).then(() => {
    speaker.socket.terminate()
    return speaker.events(session_id).map(({ seq }) => seq)
  })
  return { seqs }
}

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

test('readers who join at any moment, of two tenants, miss, repeat and reorder nothing, on one connection', async () => {
  const tenants = ['one', 'two']
  const sessions = await Promise.all(tenants.map(newSession))
  const readers: Begun[] = []
  await Promise.all(tenants.map((tenant, i) => begin(tenant, sessions[i]!, 150)))
  for (let n = 0; n < 24; n++) {
    const [tenant, session] = [tenants[n % 2]!, sessions[n % 2]!]
    readers.push(await (n % 4 < 2 ? readServerSent : readOnSocket)(tenant, session))
    if (n !== 12) continue
    line.cut()
    const headers = await asTenant(tenant)
    await until('the runtime', async () => (await call(url, 'GET', '/v1/session', undefined, headers)).status === 200)
  }
  const idle = line.open()
  assert.ok(idle < 12, `${idle} connections for 24 readers`)
  await Promise.all(tenants.map((tenant, i) => close(tenant, sessions[i]!)))
  for (const seqs of await Promise.all(readers.map((reader) => reader.seqs))) {
    assert.ok(seqs.length > 300)
    assert.deepEqual(seqs, upTo(seqs.length))
  }
  await until('the runtime to be let go', () => line.open() < idle)
})

test('nobody reads what another tenant has, however many of that tenant watch it', async () => {
  const session_id = await newSession('one')
  const theirs = await Speaker.open(url, { headers: await asTenant('one') })
  theirs.say({ type: 'subscribe', session_id })
  await theirs.hears('caught_up', { session_id })
  using mine = await Speaker.open(url, { headers: await asTenant('two') })
  mine.say({ type: 'subscribe', session_id })
  assert.equal((await mine.hears('error', { session_id }))['code'], 'session_not_found')
  const answer = await call(
    url,
    'GET',
    `/v1/session/${session_id}/events?live=sse&offset=-1`,
    undefined,
    await asTenant('two'),
  )
  assert.equal(answer.status, 404)
  theirs.socket.terminate()
})

test('server-sent events are the very bytes that the runtime would send', async () => {
  const session = await newSession('bytes')
  await begin('bytes', session, 20)
  await close('bytes', session)
  const headers = await asTenant('bytes')
  const path = `${url}/v1/session/${session}/events?live=sse&offset=-1`
  // One reads while it happens, and so to the end; then all of it is one part.
  await (await fetch(path, { headers })).text()
  const near = await fetch(path, { headers })
  const ofGateway = await near.text()
  // What is asked for in a way of its own is answered by the runtime.
  const ofRuntime = await (await fetch(`${path}&offsets=true`, { headers })).text()
  const plain = ofRuntime.replace(/^data:(\[.*)$/m, (_, array: string) => {
    const events = (JSON.parse(array) as { event: Event }[]).map(({ event }) => event)
    return `data:${JSON.stringify(events)}`
  })
  assert.equal(ofGateway, plain)
  assert.equal(near.headers.get('content-type'), 'text/event-stream')
})

test('all of a tenant, and what fits a filter, are followed with true offsets from pages and as they happen', async () => {
  using speaker = await Speaker.open(url, { headers: await asTenant('wide') })
  const before = await newSession('wide')
  await close('wide', before)
  const filter = { type: ['session.closed'] }
  speaker.say({ type: 'subscribe', stream: 'all' })
  speaker.say({ type: 'subscribe', stream: 'ends', filter })
  for (const stream of ['all', 'ends']) await speaker.hears('caught_up', { stream })
  const session = await newSession('wide')
  await close('wide', session)
  const told = (stream: string) => speaker.heard.filter((one) => one.type === 'event' && one['stream'] === stream)
  const isLast = ({ event }: Heard) => event.type === 'session.closed' && event.session_id === session
  for (const stream of ['all', 'ends']) await until(`the end of ${stream}`, () => told(stream).some(isLast))
  const offsets = told('all').map(({ offset }) => Number(offset))
  assert.deepEqual(offsets, upTo(offsets.length))
  const ends = told('all').filter(({ event }) => event.type === 'session.closed')
  assert.equal(ends.length, 2)
  assert.deepEqual(
    told('ends').map(({ event, offset }) => [event.id, offset]),
    ends.map(({ event, offset }) => [event.id, offset]),
  )
  speaker.say({ type: 'subscribe', filter })
  const refused = await speaker.hears('error')
  assert.equal(refused['code'], 'body_invalid')
})

test('a long poll behind `now` is answered with what came, not with what comes after that', async () => {
  const session = await newSession('poll')
  const headers = await asTenant('poll')
  const listening = line.connections()
  const polled = call(url, 'GET', `/v1/session/${session}/events?live=long-poll&offset=now`, undefined, headers)
  await until('the poll to wait', () => line.connections() > listening)
  await new Promise((resolve) => setImmediate(resolve))
  const done = await close('poll', session)
  assert.equal(done.status, 200)
  const { status, body } = await polled
  assert.equal(status, 200)
  assert.equal((body as Event[]).at(-1)?.type, 'session.closed')
})

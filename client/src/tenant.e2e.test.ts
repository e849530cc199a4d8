// Everything in a tenant as one stream, and streams that are filtered: what is read is what fits, in order, each event once, whatever
// becomes of the line, the tab and the gateway; and the place that a reader keeps is where it really is.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { type Client, type EventFilter, type FollowStatus, type Followed, type Way, createClient } from './client.ts'
import {
  type GivenSurroundings,
  type RuntimeProcess,
  TRIAL_REALM,
  givenSurroundings,
  openLine,
  startProcess,
  startRuntime,
  until,
} from './testing/testing.ts'

const COUNTED: EventFilter = { type: ['trial_bench.counted'] }
const ENDED: EventFilter = { type: ['execution.completed', 'execution.failed'], realm: ['trial_bench', 'unheard_of'] }

let runtime: RuntimeProcess
let tenants = 0

before(async () => (runtime = await startRuntime(TRIAL_REALM)))
after(() => runtime[Symbol.asyncDispose]())

interface Place {
  client: Client
  tenantId: string
  sessions: string[]
  count(session: number, to: number): Promise<unknown>
}

/** A tenant of its own, with two sessions. */
async function newTenant(): Promise<Place> {
  const tenantId = `tenant-${++tenants}`
  const client = createClient({ url: `${runtime.url}/api`, tenantId })
  const sessions = [await client.createSession(), await client.createSession()].map(({ session_id }) => session_id)
  const count = async (session: number, to: number) => {
    const sessionId = sessions[session]!
    return client.result((await client.submit({ type: 'trial_bench.count', sessionId, payload: { to } })).execution_id)
  }
  return { client, tenantId, sessions, count }
}

/** A client that reads, whose surroundings the test holds. */
function readerAt(url: string, { tenantId }: Place, share?: string) {
  const surroundings = givenSurroundings()
  let requests = 0
  const counting: typeof fetch = (input, init) => {
    requests++
    return fetch(input, init)
  }
  const client = createClient({ url, tenantId, surroundings, fetch: counting, ...(share !== undefined && { share }) })
  return { client, surroundings, requests: () => requests }
}

/** Reads until there are so many. */
async function take(events: AsyncIterable<Followed>, count: number): Promise<Followed[]> {
  const taken: Followed[] = []
  for await (const followed of events) if (taken.push(followed) === count) break
  return taken
}

const idsOf = (all: readonly Followed[]) => all.map(({ event }) => event.id)
const subscribed = ({ sent }: GivenSurroundings) => sent.filter(({ type }) => type === 'subscribe').length

/** All that is there, from the log itself. */
async function wholeOf({ client, sessions }: Place, filter: EventFilter = {}): Promise<string[]> {
  const logs = await Promise.all(sessions.map((session) => client.events(session, { filter })))
  return logs.flatMap(({ events }) => events.map(({ id }) => id)).sort()
}

for (const live of ['shared', 'sse', 'long-poll'] satisfies Way[]) {
  test(`${live}: a tenant is read in the order of commits, goes on from any offset, and keeps to itself`, async () => {
    const [place, other] = [await newTenant(), await newTenant()]
    await Promise.all([place.count(0, 10), place.count(1, 10), other.count(0, 3)])
    const { client } = readerAt(`${runtime.url}/api`, place)
    const there = await wholeOf(place)
    const first = await take(client.followTenant({ live }), there.length)
    assert.deepEqual(idsOf(first).sort(), there)
    for (const session of place.sessions) {
      const seqs = first.filter(({ event }) => event.session_id === session).map(({ event }) => event.seq)
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => index + 1),
      )
    }
    const middle = first[7]!.offset
    const rest = take(client.followTenant({ live, offset: middle }), there.length - 8 + 2)
    const counted = take(client.followTenant({ live, offset: middle, filter: COUNTED }), 1)
    await place.count(0, 1)
    assert.deepEqual(idsOf(await rest).slice(0, -2), idsOf(first).slice(8))
    const [one] = await counted
    assert.equal(one?.event.id, first.slice(8).find(({ event }) => event.type === 'trial_bench.counted')?.event.id)
    assert.equal(one?.offset, first.find(({ event }) => event.id === one?.event.id)?.offset)
  })
}

test('a tenant, parts of it and parts of its sessions are one line, which may be cut again and again', async () => {
  const place = await newTenant()
  await using line = await openLine(runtime.url)
  const { client, surroundings } = readerAt(`${line.url}/api`, place)
  const cut = setInterval(() => line.cut(), 60)
  const live = 'shared'
  const reading = Promise.all([
    take(client.followTenant({ live, filter: { kind: ['emitted', 'step'] } }), 480),
    take(client.followTenant({ live, filter: COUNTED }), 240),
    take(client.followTenant({ live, filter: ENDED }), 4),
    take(client.follow(place.sessions[0]!, { live, filter: COUNTED }), 120),
    take(client.follow(place.sessions[0]!, { live }), 1 + 2 * 123),
  ])
  for (const to of [60, 60]) await Promise.all([place.count(0, to), place.count(1, to)])
  const [some, counted, ended, ofSession, whole] = await reading
  clearInterval(cut)
  assert.deepEqual(idsOf(some).sort(), await wholeOf(place, { kind: ['emitted', 'step'] }))
  assert.deepEqual(idsOf(counted).sort(), await wholeOf(place, COUNTED))
  assert.deepEqual(idsOf(ended).sort(), await wholeOf(place, ENDED))
  assert.deepEqual(idsOf(ofSession), idsOf(whole.filter(({ event }) => event.type === 'trial_bench.counted')))
  for (const offsets of [some, counted, ended, ofSession].map((all) => all.map(({ offset }) => offset)))
    assert.deepEqual(offsets, [...new Set(offsets)].sort())
  assert.ok(surroundings.opened() > 1, 'the socket was cut')
})

test('readers of a tenant outlive a killed gateway, on its socket and on server-sent events', async () => {
  const place = await newTenant()
  const start = (port: string) =>
    startProcess({
      main: 'experience/gateway/src/main.ts',
      args: ['--only', 'rest,websocket'],
      env: {
        RUNTIME_URL: runtime.url,
        GATEWAY_PORT: port,
        BIPLANE_LOG: 'error',
        BIPLANE_UPLOADS: `${runtime.folder}/uploads`,
      },
    })
  await using stack = new AsyncDisposableStack()
  const gateway = stack.use(await start('0'))
  const { client, surroundings } = readerAt(`${gateway.url}/v1`, place)
  const told: string[] = []
  const how = { live: 'shared', onStatus: ({ status }: { status: string }) => void told.push(status) } as const
  const all = await wholeOf(place)
  const reading = Promise.all([
    take(client.followTenant(how), all.length + 2 * 200 + 4 * 3),
    take(client.followTenant({ live: 'shared', filter: COUNTED }), 200),
    take(client.followTenant({ live: 'sse', filter: COUNTED }), 200),
  ])
  await until('a live reader', () => told.at(-1) === 'live' && subscribed(surroundings) === 2)
  await Promise.all([place.count(0, 20), place.count(1, 20)])
  await gateway.end('SIGKILL')
  await until('it says so', () => told.at(-1) === 'reconnecting')
  await place.count(0, 80)
  stack.use(await start(new URL(gateway.url).port))
  await place.count(1, 80)
  const [whole, counted, bySse] = await reading
  assert.deepEqual(idsOf(whole).sort(), await wholeOf(place))
  assert.deepEqual(idsOf(counted), idsOf(whole.filter(({ event }) => event.type === 'trial_bench.counted')))
  assert.deepEqual(bySse, counted)
})

test('what a filter passes over is behind the reader, and is not asked for again', async () => {
  const place = await newTenant()
  await place.count(0, 30)
  const { client, surroundings, requests } = readerAt(`${runtime.url}/api`, place)
  const caughtUp: string[] = []
  const how = { filter: ENDED, live: 'shared', onCaughtUp: (offset: string) => void caughtUp.push(offset) } as const
  const events = client.followTenant(how)
  await events.next()
  const second = events.next()
  await until('a subscription', () => subscribed(surroundings) === 1 && caughtUp.length > 1)
  const { length: there } = await wholeOf(place)
  assert.equal(Number(caughtUp.at(-1)), there, 'it stands at the end of the log, behind what did not fit')
  const before = requests()
  await place.count(1, 30)
  const { value } = await second
  assert.equal(value?.event.type, 'execution.completed')
  const third = events.next()
  await place.count(0, 30)
  assert.equal(Number((await third).value?.offset), (await wholeOf(place)).length)
  assert.equal(requests(), before, 'all of it came on the line')
  await events.return()
  const later = client.followTenant({ offset: caughtUp.at(-1)!, live: 'shared' })
  assert.notEqual((await later.next()).value?.event.type, 'session.created')
  await later.return()
})

test('a reader of a part that takes nothing loses its seat, and nothing else', async () => {
  const place = await newTenant()
  const { client, surroundings } = readerAt(`${runtime.url}/api`, place)
  const filter: EventFilter = { kind: ['emitted', 'step'] }
  const told: FollowStatus[] = []
  const onStatus = (status: FollowStatus) => void told.push(status)
  const events = client.followTenant({ live: 'shared', filter, onStatus })
  const first = events.next()
  await until('a subscription', () => subscribed(surroundings) === 1)
  await Promise.all([place.count(0, 400), place.count(0, 400), place.count(1, 400)])
  await until('the end of its subscription', () => surroundings.sent.some(({ type }) => type === 'unsubscribe'))
  const { value } = await first
  const rest = await take(events, 2 * 1_200 - 1)
  const read = [value!, ...rest]
  assert.equal(new Set(idsOf(read)).size, 2_400)
  const behind = told.findLast(({ status }) => status === 'catching-up')?.behind ?? 0
  assert.ok(behind > 1_000, `it says how far behind it is: ${behind}`)
})

test('tabs that share have one line for a part of a tenant too, and miss nothing when its holder goes', async () => {
  const place = await newTenant()
  const tabs = Array.from({ length: 3 }, () => readerAt(`${runtime.url}/api`, place, place.tenantId))
  const sockets = () => tabs.reduce((sum, { surroundings }) => sum + surroundings.open(), 0)
  const leaving = new AbortController()
  const how = { live: 'shared', filter: COUNTED } as const
  const first = Array.fromAsync(tabs[0]!.client.followTenant({ ...how, signal: leaving.signal })).catch(() => {})
  await until('the first tab to lead', () => tabs[0]!.surroundings.open() === 1)
  const reading = Promise.all([tabs[1]!, tabs[2]!].map(({ client }) => take(client.followTenant(how), 240)))
  const counting = place.count(0, 200)
  await until('some of it', async () => (await wholeOf(place, COUNTED)).length > 20)
  assert.equal(sockets(), 1)
  leaving.abort()
  await first
  await counting
  await until('the next tab to lead', () => tabs[0]!.surroundings.open() === 0 && sockets() === 1)
  await place.count(1, 40)
  for (const read of await reading) assert.deepEqual(idsOf(read).sort(), await wholeOf(place, COUNTED))
})

test('a store of a tenant begins now, goes on where it was, and is the same for whoever asks for the same', async () => {
  const place = await newTenant()
  await place.count(0, 3)
  const { client, surroundings } = readerAt(`${runtime.url}/api`, place)
  const store = client.watchTenant({ filter: COUNTED })
  assert.equal(client.watchTenant({ filter: { kind: [], ...COUNTED } }), store)
  assert.notEqual(client.watchTenant(), store)
  const values = () => store.getSnapshot().value.map(({ data }) => (data as { n: number }).n)
  const stop = store.subscribe(() => {})
  await until('it is live', () => store.getSnapshot().status === 'live' && subscribed(surroundings) === 1)
  await place.count(0, 2)
  await until('what came', () => values().length === 2)
  stop()
  await until('nobody listens', () => surroundings.sent.some(({ type }) => type === 'unsubscribe'))
  await place.count(1, 4)
  const again = store.subscribe(() => {})
  await until('what came meanwhile', () => values().length === 6)
  again()
  assert.deepEqual(values(), [1, 2, 1, 2, 3, 4])
  const part = client.watch(place.sessions[1]!, { filter: { kind: ['session', 'emitted'] } })
  const over = part.subscribe(() => {})
  await until('what there was', () => part.getSnapshot().status === 'live')
  assert.deepEqual(
    part.getSnapshot().value.map(({ kind }) => kind),
    ['session', 'emitted', 'emitted', 'emitted', 'emitted'],
  )
  await place.client.closeSession(place.sessions[1]!)
  await until('its end', () => part.getSnapshot().status === 'closed')
  assert.equal(part.getSnapshot().value.at(-1)?.type, 'session.closed')
  over()
})

test('what cannot be followed is said: a tenant without a name, a filter that means nothing', async () => {
  const nameless = createClient({ url: `${runtime.url}/api` })
  await assert.rejects(nameless.followTenant().next(), { code: 'tenant_required' })
  const told: string[] = []
  const onStatus = ({ status }: { status: string }) => void told.push(status)
  const { client } = readerAt(`${runtime.url}/api`, await newTenant())
  await assert.rejects(client.followTenant({ filter: { realm: ['No realm'] }, onStatus }).next(), { status: 400 })
  assert.deepEqual(told, ['connecting', 'denied'])
})

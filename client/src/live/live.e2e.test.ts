// Many readers on one line: what they see, how many lines there are, and what becomes of it when lines, machines and runtimes fail.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { type Client, type FollowStatus, createClient } from '../client.ts'
import {
  type RuntimeProcess,
  TRIAL_REALM,
  givenSurroundings,
  openLine,
  startProcess,
  startRuntime,
  until,
} from '../testing/testing.ts'

const tenantId = 'acme'
let runtime: RuntimeProcess
let client: Client

before(async () => {
  runtime = await startRuntime(TRIAL_REALM)
  client = createClient({ url: `${runtime.url}/api`, tenantId })
})
after(() => runtime[Symbol.asyncDispose]())

/** A client whose surroundings the test holds. */
function clientAt(url: string, share?: string) {
  const surroundings = givenSurroundings()
  const options = share === undefined ? {} : { share }
  return { surroundings, client: createClient({ url: `${url}/api`, tenantId, surroundings, ...options }) }
}

const newSession = async () => (await client.createSession()).session_id

const count = (sessionId: string, to: number) =>
  client.submit({ type: 'trial_bench.count', sessionId, payload: { to } })

/** Counts, and closes the session at the end. */
async function countAndClose(sessionId: string, to: number): Promise<void> {
  await client.result((await count(sessionId, to)).execution_id)
  await client.closeSession(sessionId)
}

async function seqsOf(reader: Client, sessionId: string, ears: { onStatus?: (status: FollowStatus) => void } = {}) {
  const seqs: number[] = []
  for await (const { event } of reader.follow(sessionId, { live: 'shared', ...ears })) seqs.push(event.seq)
  return seqs
}

function assertWhole(seqs: number[], atLeast: number): void {
  assert.ok(seqs.length > atLeast, `${seqs.length} events`)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  )
}

test('readers of several sessions share one socket, see all, and give it back when they are done', async () => {
  const { surroundings, client: reader } = clientAt(runtime.url)
  const sessions = await Promise.all([newSession(), newSession(), newSession()])
  const reading = Promise.all([...sessions, ...sessions].map((session) => seqsOf(reader, session)))
  await until('a socket', () => surroundings.open() === 1)
  await Promise.all(sessions.map((session) => countAndClose(session, 30)))
  for (const seqs of await reading) assertWhole(seqs, 60)
  assert.equal(surroundings.opened(), 1)
  await until('no socket', () => surroundings.open() === 0)
})

test('readers on a line that is cut again and again miss nothing, repeat nothing, and say how they stand', async () => {
  await using line = await openLine(runtime.url)
  const { surroundings, client: reader } = clientAt(line.url)
  const sessions = await Promise.all([newSession(), newSession()])
  const told: FollowStatus[] = []
  const cut = setInterval(() => line.cut(), 60)
  const ears = { onStatus: (status: FollowStatus) => void told.push(status) }
  const reading = Promise.all([...sessions, ...sessions].map((session) => seqsOf(reader, session, ears)))
  await Promise.all(sessions.map((session) => countAndClose(session, 200)))
  clearInterval(cut)
  for (const seqs of await reading) assertWhole(seqs, 400)
  assert.ok(surroundings.opened() > 1, 'the socket was cut')
  const lost = told.find(({ status }) => status === 'reconnecting')
  assert.ok(lost?.retryAt instanceof Date && lost.error instanceof Error)
  assert.equal(told.at(-1)?.status, 'closed')
})

test('a reader outlives a killed runtime', async () => {
  const { client: reader } = clientAt(runtime.url)
  const session = await newSession()
  const told: string[] = []
  const reading = seqsOf(reader, session, { onStatus: ({ status }) => void told.push(status) })
  await until('a live reader', () => told.at(-1) === 'live')
  const { execution_id } = await count(session, 200)
  await runtime.start()
  await client.result(execution_id)
  await client.closeSession(session)
  assertWhole(await reading, 400)
  assert.deepEqual([told[0], told.includes('reconnecting'), told.at(-1)], ['connecting', true, 'closed'])
})

test('a reader at a gateway outlives a killed gateway', async () => {
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
  const surroundings = givenSurroundings()
  const reader = createClient({ url: `${gateway.url}/v1`, tenantId, surroundings })
  const session = await newSession()
  const told: string[] = []
  const reading = seqsOf(reader, session, { onStatus: ({ status }) => void told.push(status) })
  await until('a live reader', () => told.at(-1) === 'live' && surroundings.sent.length > 0)
  const { execution_id } = await count(session, 50)
  await gateway.end('SIGKILL')
  await until('it says so', () => told.at(-1) === 'reconnecting')
  stack.use(await start(new URL(gateway.url).port))
  await client.result(execution_id)
  await client.closeSession(session)
  assertWhole(await reading, 100)
  assert.ok(surroundings.opened() > 1)
})

test('a line that died while the machine slept is replaced at once, and shows what happened meanwhile', async () => {
  const { surroundings, client: reader } = clientAt(runtime.url)
  const session = await newSession()
  const reading = seqsOf(reader, session)
  await until('a subscription', () => surroundings.sent.some(({ type }) => type === 'subscribe'))
  surroundings.deafen()
  await countAndClose(session, 5)
  surroundings.change('woke')
  assertWhole(await reading, 10)
  assert.equal(surroundings.opened(), 2)
})

test('an answer that died while the machine slept is asked for again at once', async () => {
  let answers = 0
  let isDeaf = false
  const surroundings = givenSurroundings()
  const reader = createClient({
    url: `${runtime.url}/api`,
    tenantId,
    surroundings,
    async fetch(input, init) {
      const response = await fetch(input, init)
      if (++answers > 1 || response.body === null) return response
      const hearing = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, out) => (isDeaf ? undefined : out.enqueue(chunk)),
      })
      return new Response(response.body.pipeThrough(hearing), response)
    },
  })
  const session = await newSession()
  const seqs: number[] = []
  const reading = (async () => {
    for await (const { event } of reader.follow(session, { live: 'sse' })) seqs.push(event.seq)
  })()
  await until('the beginning', () => seqs.length === 1)
  isDeaf = true
  await countAndClose(session, 5)
  surroundings.change('woke')
  // Silence alone would be found out later than this waits.
  await until('the rest', () => seqs.length > 10)
  await reading
  assertWhole(seqs, 10)
  assert.equal(answers, 2)
})

test('a page that nobody sees gives its line up, and shows what happened when it is seen again', async () => {
  const { surroundings, client: reader } = clientAt(runtime.url)
  const session = await newSession()
  const reading = seqsOf(reader, session)
  await until('a socket', () => surroundings.open() === 1)
  surroundings.change('unseen')
  await until('no socket', () => surroundings.open() === 0)
  await countAndClose(session, 5)
  surroundings.change('seen')
  assertWhole(await reading, 10)
})

test('a pause before another attempt is over when the network is back', async () => {
  const away = await openLine(runtime.url)
  await away[Symbol.asyncDispose]()
  const { surroundings, client: reader } = clientAt(away.url)
  let attempts = 0
  const stop = new AbortController()
  const onReconnect = ({ attempt }: { attempt: number }) => {
    attempts = attempt
    // Attempts follow each other at once: their pauses would take minutes.
    if (attempt < 20) queueMicrotask(() => surroundings.change('online'))
    else stop.abort(new Error('enough'))
  }
  const reading = Array.fromAsync(
    reader.follow(await newSession(), { live: 'shared', onReconnect, signal: stop.signal }),
  )
  await assert.rejects(reading, /enough/)
  assert.equal(attempts, 20)
})

test('a reader that takes nothing is told no more after a bounded number of events, and reads on at its own pace', async () => {
  const { surroundings, client: reader } = clientAt(runtime.url)
  const session = await newSession()
  const events = reader.follow(session, { live: 'shared' })
  const seqs = [(await events.next()).value?.event.seq ?? 0]
  // It asks for the second event, so that it sits on the line when it begins to take nothing.
  const second = events.next()
  await until('a subscription', () => surroundings.sent.some(({ type }) => type === 'subscribe'))
  await Promise.all([count(session, 500), count(session, 500)])
  seqs.push((await second).value?.event.seq ?? 0)
  await until('the end of its subscription', () => surroundings.sent.some(({ type }) => type === 'unsubscribe'))
  const closing = until(
    'all of it',
    async () => (await client.executions({ sessionId: session, status: 'completed' })).items.length === 2,
  )
  await closing
  await client.closeSession(session)
  for await (const { event } of events) seqs.push(event.seq)
  assertWhole(seqs, 2_000)
})

test('where no socket can be opened, server-sent events serve', async () => {
  const here = givenSurroundings()
  let refused = 0
  const surroundings = givenSurroundings({
    openSocket(_url, ears) {
      refused++
      setImmediate(() => ears.closed(1006))
      return { send: () => {}, close: () => {} }
    },
  })
  const reader = createClient({ url: `${runtime.url}/api`, tenantId, surroundings })
  const session = await newSession()
  const reading = seqsOf(reader, session)
  await until('two attempts', () => refused === 2)
  await countAndClose(session, 20)
  assertWhole(await reading, 40)
  assert.equal(here.opened(), 0)
})

test('what may not be read is denied, and said so', async () => {
  const { client: reader } = clientAt(runtime.url)
  const told: string[] = []
  const reading = seqsOf(reader, 'ses_nobody', { onStatus: ({ status }) => void told.push(status) })
  await assert.rejects(reading, { code: 'session_not_found' })
  assert.deepEqual(told, ['connecting', 'denied'])
})

test('tabs that share have one line; when the one that has it goes, another takes over', async () => {
  const tabs = Array.from({ length: 3 }, () => clientAt(runtime.url, 'acme/ada'))
  const others = clientAt(runtime.url, 'acme/bob')
  const sockets = () => tabs.reduce((sum, { surroundings }) => sum + surroundings.open(), 0)
  const session = await newSession()
  const leaving = new AbortController()
  const first = Array.fromAsync(tabs[0]!.client.follow(session, { live: 'shared', signal: leaving.signal })).catch(
    () => {},
  )
  await until('the first tab to lead', () => tabs[0]!.surroundings.open() === 1)
  const reading = [tabs[1]!, tabs[2]!, others].map((tab) => seqsOf(tab.client, session))
  const { execution_id } = await count(session, 100)
  await until('their line', () => others.surroundings.open() === 1)
  assert.equal(sockets(), 1)
  leaving.abort()
  await first
  await client.result(execution_id)
  await until('the next tab to lead', () => tabs[0]!.surroundings.open() === 0 && sockets() === 1)
  await countAndClose(session, 5)
  for (const seqs of await Promise.all(reading)) assertWhole(seqs, 210)
})

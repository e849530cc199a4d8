// Streams of a socket that are more than a session's whole log (docs/protocol.md §6): a tenant's, what fits a filter, and those
// that are read with a token of their own.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'

import { type Event, SUBPROTOCOL, type SocketMessage } from '@biplane/protocol'
import { WebSocket } from 'ws'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { tickets } from './testing/ticket-realm.ts'
import { TokenMint } from './testing/token-mint.ts'

/** It lives on for the seconds that clocks may differ by. */
const SHORT = -2

let mint: TokenMint
let runtime: TestRuntime
/** With tokens. */
let guarded: TestRuntime

before(async () => {
  mint = await TokenMint.open()
  runtime = await TestRuntime.start([tickets])
  guarded = await TestRuntime.start([tickets], { auth: mint.file })
})
after(async () => {
  await runtime[Symbol.asyncDispose]()
  await guarded[Symbol.asyncDispose]()
  await mint[Symbol.asyncDispose]()
})

interface Said {
  type: SocketMessage['type']
  stream?: string
  session_id?: string
  offset?: string
  code?: string
  event?: Event
}

async function open({ url }: TestRuntime, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/events`, SUBPROTOCOL, { headers })
  const said: Said[] = []
  socket.on('message', (data: Buffer) => said.push(JSON.parse(data.toString()) as Said))
  await once(socket, 'open')
  return {
    socket,
    said,
    of: (stream: string) => said.filter((one) => one.stream === stream),
    eventsOf: (stream: string) =>
      said.flatMap((one) => (one.stream === stream && one.type === 'event' ? [one as Required<Said>] : [])),
    send: (message: object) => socket.send(JSON.stringify(message)),
    hears: (type: Said['type'], stream?: string) =>
      waitFor(() => said.find((one) => one.type === type && one.stream === stream) ?? null, `${type} of ${stream}`),
    [Symbol.dispose]: () => socket.terminate(),
  }
}

/** A session that is over. */
async function work(tenant: string): Promise<string> {
  const session = await runtime.session(tenant)
  await runtime.submit(session, 'tickets.note', {}, { tenant_id: tenant })
  await runtime.call('POST', `/api/session/${session}/close?tenant_id=${tenant}`, {})
  // It ends when nothing more comes.
  await (await fetch(`${runtime.url}/api/session/${session}/events?tenant_id=${tenant}&live=sse&offset=-1`)).text()
  return session
}

const read = async (path: string, offset: string): Promise<Event[]> =>
  (await runtime.call('GET', `${path}&offset=${offset}`)).body as Event[]

test('all of a tenant is followed on a socket, in the order of commits, and from any of its offsets on', async () => {
  using reader = await open(runtime)
  await work('feed')
  reader.send({ type: 'subscribe', stream: 'all', tenant_id: 'feed' })
  await reader.hears('caught_up', 'all')
  const session = await work('feed')
  await work('another')
  const isLast = ({ event }: Said) => event?.type === 'session.closed' && event.session_id === session
  await waitFor(() => (reader.eventsOf('all').some(isLast) ? true : null), 'the last event')
  const all = reader.eventsOf('all')
  assert.deepEqual(
    all.map(({ event }) => event),
    await read('/api/tenant/feed/events?', '-1'),
  )
  for (const [i, { offset }] of all.entries()) {
    assert.deepEqual(
      (await read('/api/tenant/feed/events?', offset)).map(({ id }) => id),
      all.slice(i + 1).map(({ event }) => event.id),
    )
  }
})

test('what fits a filter has true offsets, and the end moves on with what does not', async () => {
  using reader = await open(runtime)
  const session_id = await work('sieve')
  const filter = { kind: ['lifecycle'], realm: ['tickets'] }
  reader.send({ type: 'subscribe', stream: 'one', session_id, tenant_id: 'sieve', filter })
  reader.send({ type: 'subscribe', stream: 'all', tenant_id: 'sieve', filter })
  const { offset } = await reader.hears('closed', 'one')
  await reader.hears('caught_up', 'all')
  const whole = await read(`/api/session/${session_id}/events?tenant_id=sieve`, '-1')
  assert.equal(Number(offset), whole.length)
  const fitting = whole.filter(({ kind }) => kind === 'lifecycle')
  assert.ok(fitting.length > 1 && fitting.length < whole.length)
  for (const stream of ['one', 'all']) {
    const told = reader.eventsOf(stream)
    assert.deepEqual(
      told.map(({ event, offset: at }) => [event.seq, Number(at)]),
      fitting.map(({ seq }) => [seq, seq]),
    )
  }
})

test('one session is followed as several streams, and each is ended by its name', async () => {
  using reader = await open(runtime)
  const session_id = await runtime.session('names')
  for (const stream of ['a', 'b']) reader.send({ type: 'subscribe', stream, session_id, tenant_id: 'names' })
  for (const stream of ['a', 'b']) await reader.hears('caught_up', stream)
  reader.send({ type: 'unsubscribe', stream: 'a' })
  reader.send({ type: 'ping' })
  await reader.hears('pong')
  await runtime.call('POST', `/api/session/${session_id}/close?tenant_id=names`, {})
  await reader.hears('closed', 'b')
  assert.deepEqual([reader.eventsOf('a').length, reader.eventsOf('b').length], [1, 3])
  reader.send({ type: 'subscribe', tenant_id: 'names' })
  assert.equal((await reader.hears('error')).code, 'body_invalid')
})

test('a stream with a token of its own is read as whom it names, and ends with it; the socket goes on', async () => {
  const theirs = { claims: { tenant_id: 'other', sub: 'gateway' } }
  const created = await guarded.call('POST', '/api/session/create', {}, await mint.bearer(theirs))
  const { session_id } = created.body.session as { session_id: string }
  using reader = await open(guarded, await mint.bearer())
  const subscribe = { type: 'subscribe', session_id }
  reader.send({ ...subscribe, stream: 'mine' })
  assert.equal((await reader.hears('error', 'mine')).code, 'session_not_found')
  const unscoped = await mint.token({ claims: { ...theirs.claims, scope: 'intent:submit' } })
  reader.send({ ...subscribe, stream: 'unscoped', token: unscoped })
  assert.equal((await reader.hears('error', 'unscoped')).code, 'forbidden')
  const bound = await mint.token({ claims: { ...theirs.claims, session_id } })
  reader.send({ type: 'subscribe', stream: 'beyond', token: bound })
  assert.equal((await reader.hears('error', 'beyond')).code, 'session_not_found')
  reader.send({ ...subscribe, stream: 'short', token: await mint.token({ ...theirs, lives_s: SHORT }) })
  await reader.hears('caught_up', 'short')
  assert.equal((await reader.hears('error', 'short')).code, 'unauthenticated')
  reader.send({ ...subscribe, stream: 'long', token: await mint.token(theirs) })
  await reader.hears('caught_up', 'long')
})

test('a token of a stream lets nobody in who has not shown one for the socket', async () => {
  using reader = await open(guarded)
  reader.send({ type: 'subscribe', stream: 'a', token: await mint.token() })
  assert.equal((await reader.hears('error', 'a')).code, 'unauthenticated')
})

test('an answer to a read with offsets has each event beside the offset behind it', async () => {
  await work('beside')
  const { body } = await runtime.call('GET', '/api/tenant/beside/events?offsets=true&kind=lifecycle')
  const plain = await read('/api/tenant/beside/events?kind=lifecycle', '-1')
  assert.deepEqual(
    (body as Required<Said>[]).map(({ event }) => event),
    plain,
  )
  for (const { offset, event } of body as Required<Said>[]) {
    const [next] = await read('/api/tenant/beside/events?', String(Number(offset) - 1).padStart(16, '0'))
    assert.equal(next?.id, event.id)
  }
})

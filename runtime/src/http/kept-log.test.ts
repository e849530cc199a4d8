// Logs whose beginning is not kept (docs/protocol.md §6): what a reader is told who comes too late, and what stays for whom.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'

import type { Event } from '@biplane/protocol'
import { WebSocket } from 'ws'

import { type Answer, TestRuntime, waitFor } from '../test-runtime.ts'
import { tickets } from './testing/ticket-realm.ts'

let runtime: TestRuntime

before(async () => {
  runtime = await TestRuntime.start([tickets], { keepEvents: '1s' })
})
after(() => runtime[Symbol.asyncDispose]())

const read = (session: string, query: string): Promise<Answer> =>
  runtime.call('GET', `/api/session/${session}/events?tenant_id=acme&${query}`)

/** What a reader of the start is answered when the beginning has gone. */
const gone = (session: string, offset = '-1'): Promise<Answer> =>
  waitFor(async () => {
    const answer = await read(session, `offset=${offset}`)
    return answer.status === 410 ? answer : null
  }, 'the cut')

/** Waits until nothing more of the log may go. */
const cutTo = (session: string, last: number): Promise<Answer> =>
  waitFor(async () => {
    const answer = await gone(session)
    return Number(answer.body.earliest_offset) === last ? answer : null
  }, `the cut up to ${last}`)

const seqs = (events: Event[]): number[] => events.map(({ seq }) => seq)

test('who asks for what is gone is told so, from where there is something, and where to start', async () => {
  const session = await runtime.session()
  await runtime.run(session, 'tickets.note')
  // session.created, intent.accepted, execution.started, step.completed, execution.completed: the last stays.
  const { body, headers } = await cutTo(session, 4)
  assert.deepEqual([body.code, body.earliest_offset], ['offset_gone', '0000000000000004'])
  assert.equal(headers.get('link'), `</api/session/${session}/snapshot?tenant_id=acme>; rel="snapshot"`)
  for (const query of ['live=long-poll&offset=-1', 'live=sse&offset=-1', 'offset=0000000000000002', '']) {
    const answer = await read(session, query)
    assert.deepEqual([answer.status, answer.body.earliest_offset], [410, '0000000000000004'], query)
  }
  assert.deepEqual(seqs((await read(session, `offset=${body.earliest_offset}`)).body), [5])
  assert.equal((await read(session, 'offset=now')).status, 200)
})

test('a snapshot says how the session stands, and from its offset on nothing is missed', async () => {
  const session = await runtime.session()
  const first = await runtime.run(session, 'tickets.note')
  const link = (await gone(session)).headers.get('link')
  const { body: snapshot } = await runtime.call('GET', /<(.*)>/.exec(link ?? '')?.[1] ?? '')
  assert.equal(snapshot.session.session_id, session)
  assert.deepEqual(
    snapshot.executions.items.map((each: { execution_id: string; status: string }) => [each.execution_id, each.status]),
    [[first.execution_id, 'completed']],
  )
  await runtime.run(session, 'tickets.note')
  assert.deepEqual(seqs((await read(session, `offset=${snapshot.offset}`)).body), [6, 7, 8, 9])
})

test('on a socket it is an error of the stream, which says from where it goes', async () => {
  const session = await runtime.session()
  await runtime.run(session, 'tickets.note')
  await cutTo(session, 4)
  const socket = new WebSocket(`${runtime.url.replace('http', 'ws')}/api/events`)
  await once(socket, 'open')
  const heard: { type: string; code?: string; earliest_offset?: string }[] = []
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString())))
  socket.send(JSON.stringify({ type: 'subscribe', session_id: session, tenant_id: 'acme', offset: '-1' }))
  const error = await waitFor(() => heard.find(({ type }) => type === 'error') ?? null, 'the error')
  assert.deepEqual([error.code, error.earliest_offset], ['offset_gone', '0000000000000004'])
  const offset = error.earliest_offset
  socket.send(JSON.stringify({ type: 'subscribe', session_id: session, tenant_id: 'acme', offset }))
  await waitFor(() => heard.some(({ type }) => type === 'caught_up') || null, 'the end')
  assert.equal(heard.filter(({ type }) => type === 'event').length, 1)
  socket.terminate()
})

test('what waits keeps its log, over a restart too, and goes on by it', async () => {
  const session = await runtime.session()
  await runtime.run(session, 'tickets.note')
  const waiting = await runtime.begin(session, 'tickets.open')
  await runtime.until(waiting, (status) => status === 'waiting')
  // All before it goes, and nothing of it.
  await cutTo(session, 5)
  const other = await runtime.session()
  await runtime.run(other, 'tickets.note')
  await cutTo(other, 4)
  assert.equal((await gone(session)).body.earliest_offset, '0000000000000005')
  await runtime.restart()
  await runtime.operate(waiting, 'signal', { name: 'close', signal_id: 's1', approved: true })
  assert.equal((await runtime.until(waiting)).status, 'completed')
})

test('what has ended and is not kept is known still, and neither begun again nor gone on from', async () => {
  const session = await runtime.session()
  const { execution_id } = await runtime.run(session, 'tickets.note')
  await runtime.run(session, 'tickets.note')
  await cutTo(session, 8)
  const execution = await runtime.execution(execution_id)
  assert.deepEqual([execution.status, execution.history_gone, execution.steps], ['completed', true, []])
  for (const verb of ['retry', 'fork']) {
    const { status, body } = await runtime.operate(execution_id, verb)
    assert.deepEqual([status, body.code], [410, 'history_gone'], verb)
  }
  const cancelled = await runtime.operate(execution_id, 'cancel')
  assert.deepEqual([cancelled.status, cancelled.body.code], [409, 'execution_final'])
})

test('the feed of the tenant begins behind what is gone, and its snapshot leads on', async () => {
  const tenant_id = 'fed'
  const session = await runtime.session(tenant_id)
  await runtime.submit(session, 'tickets.note', {}, { tenant_id })
  const feed = (offset: string) => runtime.call('GET', `/api/tenant/fed/events?offset=${offset}`)
  const { body, headers } = await waitFor(async () => {
    const answer = await feed('-1')
    return answer.status === 410 && Number(answer.body.earliest_offset) === 4 ? answer : null
  }, 'the cut')
  assert.equal(headers.get('link'), '</api/tenant/fed/snapshot>; rel="snapshot"')
  assert.deepEqual(seqs((await feed(body.earliest_offset)).body), [5])
  const { body: snapshot } = await runtime.call('GET', '/api/tenant/fed/snapshot')
  assert.equal(snapshot.sessions.items[0].session_id, session)
  await runtime.submit(session, 'tickets.note', {}, { tenant_id })
  assert.equal((await feed(snapshot.offset)).body[0].type, 'intent.accepted')
})

// Reading a session's log as a caller does (docs/protocol.md §6).

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Event, SocketMessage } from '@biplane/protocol'
import { Event as EventSchema } from '@biplane/protocol'
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'
import { WebSocket } from 'ws'

import { TestRuntime, waitFor } from '../test-runtime.ts'

const talk = defineRealm({
  name: 'talk',
  version: '1',
  capabilities: [
    intent('talk.say', {
      payload: z.strictObject({ words: z.array(z.string()) }),
      result: z.unknown(),
      async run(ctx, { words }) {
        for (const word of words) {
          await ctx.step('speak', () => null)
          ctx.emit('talk.said', { word })
        }
      },
    }),
  ],
})

const words = (count: number) => ({ words: Array.from({ length: count }, (_, index) => `word ${index}`) })
const seqsOf = (events: Event[]) => events.map(({ seq }) => seq)
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

test('every event fits the schema of the protocol', async () => {
  await using runtime = await TestRuntime.start([talk])
  const session = await runtime.session()
  await runtime.run(session, 'talk.say', words(3))
  for (const event of await runtime.events(session)) EventSchema.parse(event)
})

test('polling in pages from offset to offset sees every event once, in order', async () => {
  await using runtime = await TestRuntime.start([talk])
  const session = await runtime.session()
  await runtime.run(session, 'talk.say', words(1_200))
  const seen: number[] = []
  let offset = '-1'
  for (let pages = 0; ; pages++) {
    const { body, headers } = await runtime.call(
      'GET',
      `/api/session/${session}/events?tenant_id=acme&offset=${offset}`,
    )
    seen.push(...seqsOf(body))
    offset = headers.get('stream-next-offset') ?? ''
    if (headers.get('stream-up-to-date') === 'true') break
    assert.ok(pages < 10)
  }
  assert.deepEqual(seen, upTo(1 + 2 + 2 * 1_200 + 1))
  const bad = await runtime.call('GET', `/api/session/${session}/events?tenant_id=acme&offset=12`)
  assert.deepEqual([bad.status, bad.body.code], [400, 'offset_invalid'])
})

test('HEAD says where the log stands, and waits for nothing', async () => {
  await using runtime = await TestRuntime.start([talk])
  const session = await runtime.session()
  for (const live of ['', '&live=sse', '&live=long-poll']) {
    const { status, headers } = await runtime.call('HEAD', `/api/session/${session}/events?tenant_id=acme${live}`)
    assert.deepEqual([status, headers.get('stream-next-offset')], [200, '0000000000000001'])
  }
})

test('a long poll is answered as soon as there is something new', async () => {
  await using runtime = await TestRuntime.start([talk])
  const session = await runtime.session()
  const path = `/api/session/${session}/events?tenant_id=acme`
  const offset = (await runtime.call('HEAD', path)).headers.get('stream-next-offset')
  const polled = runtime.call('GET', `${path}&live=long-poll&offset=${offset}`)
  await runtime.begin(session, 'talk.say', words(1))
  const { status, body } = await polled
  assert.equal(status, 200)
  assert.equal(body[0].type, 'intent.accepted')
})

/** Reads server-sent events until `enough`, and answers the events and the last id. */
async function readEventStream(url: string, headers: Record<string, string>, enough: (events: Event[]) => boolean) {
  const abort = new AbortController()
  const response = await fetch(url, { headers, signal: abort.signal })
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const events: Event[] = []
  let text = ''
  let id = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = /^data: ?(.*)$/m.exec(block)?.[1] ?? 'null'
      if (block.startsWith('event: data')) events.push(...(JSON.parse(data) as Event[]))
      if (block.startsWith('event: control')) id = /^id: (.*)$/m.exec(block)?.[1] ?? ''
    }
    if (enough(events)) break
  }
  abort.abort()
  return { events, id }
}

const ended = (events: Event[]) => events.at(-1)?.type === 'execution.completed'

test('server-sent events follow an execution live, and resume behind Last-Event-ID without a gap', async () => {
  await using runtime = await TestRuntime.start([talk])
  const session = await runtime.session()
  const url = `${runtime.url}/api/session/${session}/events?tenant_id=acme&live=sse&offset=-1`
  const first = readEventStream(url, {}, (events) => events.length >= 4)
  await runtime.begin(session, 'talk.say', words(20))
  const { events, id } = await first
  const rest = await readEventStream(url, { 'last-event-id': id }, ended)
  const seen = seqsOf([...events, ...rest.events])
  assert.deepEqual(seen, upTo(seen.length))
})

test('the stream of a closed session ends by itself', async () => {
  await using runtime = await TestRuntime.start([talk])
  const session = await runtime.session()
  const response = await fetch(`${runtime.url}/api/session/${session}/events?tenant_id=acme&live=sse&offset=-1`)
  await runtime.call('POST', `/api/session/${session}/close?tenant_id=acme`, {})
  const text = await response.text()
  assert.match(text, /"type":"session.closed"/)
  assert.match(text, /"streamClosed":true/)
})

function openSocket(runtime: TestRuntime) {
  const socket = new WebSocket(`${runtime.url.replace('http', 'ws')}/api/events`)
  const messages: SocketMessage[] = []
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as SocketMessage))
  const ready = new Promise<void>((resolve) => socket.once('open', () => resolve()))
  return { socket, messages, ready, send: (message: object) => socket.send(JSON.stringify(message)) }
}

test('one socket follows many sessions, each in order, and says when it has caught up', async () => {
  await using runtime = await TestRuntime.start([talk])
  const sessions = await Promise.all(upTo(5).map(() => runtime.session()))
  const { socket, messages, ready, send } = openSocket(runtime)
  await ready
  for (const session_id of sessions) send({ type: 'subscribe', session_id, tenant_id: 'acme' })
  await waitFor(() => (messages.filter(({ type }) => type === 'caught_up').length >= 5 ? true : null), 'caught_up')
  await Promise.all(sessions.map((session) => runtime.run(session, 'talk.say', words(10))))
  const of = (session: string) =>
    messages.filter((message) => message.type === 'event' && message.session_id === session) as { event: Event }[]
  for (const session of sessions) {
    await waitFor(() => (ended(of(session).map(({ event }) => event)) ? true : null), 'the last event')
    assert.deepEqual(seqsOf(of(session).map(({ event }) => event)), upTo(24))
  }
  socket.close()
})

test('what goes wrong with one stream of a socket is told of that stream alone', async () => {
  await using runtime = await TestRuntime.start([talk])
  const mine = await runtime.session()
  const foreign = await runtime.session('other')
  const { socket, messages, ready, send } = openSocket(runtime)
  await ready
  send({ type: 'subscribe', session_id: foreign, tenant_id: 'acme' })
  send({ type: 'subscribe', session_id: mine, tenant_id: 'acme', offset: 'yesterday' })
  socket.send('not json')
  send({ type: 'subscribe', session_id: mine, tenant_id: 'acme' })
  await waitFor(() => (messages.some(({ type }) => type === 'caught_up') ? true : null), 'caught_up')
  const errors = messages.filter((message) => message.type === 'error').map(({ code }) => code)
  assert.deepEqual(errors.sort(), ['malformed_json', 'offset_invalid', 'session_not_found'])
  socket.close()
})

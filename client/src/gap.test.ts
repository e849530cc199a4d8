// What is missing for good is said, and never passed over. Servers here leave things out on purpose, as no runtime does.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

import { type FollowStatus, createClient } from './client.ts'
import type { Way } from './stream.ts'

async function serve(answer: RequestListener) {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const eventAt = (seq: number) => ({ kind: 'emitted', type: 'a.b', seq, data: null })
const EVENTS = JSON.stringify([1, 2, 4].map(eventAt))

for (const live of ['sse', 'long-poll', 'shared'] satisfies Way[]) {
  test(`${live}: a place that is left out ends the reader behind the last event that follows`, async () => {
    await using server = await serve((request, response) => {
      const isSse = request.url?.includes('live=sse')
      response.setHeader('content-type', isSse ? 'text/event-stream' : 'application/json')
      response.setHeader('stream-next-offset', '0000000000000004')
      response.end(isSse ? `event: data\ndata:${EVENTS}\n\n` : EVENTS)
    })
    const told: FollowStatus[] = []
    const client = createClient({ url: server.url })
    const reading = Array.fromAsync(client.follow('ses_1', { live, onStatus: (status) => void told.push(status) }))
    await assert.rejects(reading, {
      code: 'events_missing',
      message: 'The events 3 to 3 of the log were left out.',
    })
    assert.equal(told.at(-1)?.status, 'gap')
  })
}

test('an answer that goes on further than its events is not believed', async () => {
  await using server = await serve((_request, response) => {
    response.setHeader('content-type', 'text/event-stream')
    const control = { streamNextOffset: '0000000000000003', upToDate: true }
    response.end(
      `event: data\ndata:${JSON.stringify([eventAt(1)])}\n\nevent: control\ndata:${JSON.stringify(control)}\n\n`,
    )
  })
  const seen: number[] = []
  const read = async () => {
    for await (const { event } of createClient({ url: server.url }).follow('ses_1')) seen.push(event.seq)
  }
  await assert.rejects(read(), { code: 'events_missing', message: 'The events 2 to 3 of the log were left out.' })
  assert.deepEqual(seen, [1])
})

test('a log whose beginning is gone says where it is still there', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(410, { 'content-type': 'application/problem+json' })
    const problem = { code: 'offset_gone', status: 410, detail: 'It is gone.', advice: 'Begin at the snapshot.' }
    response.end(JSON.stringify({ ...problem, earliest_offset: '0000000000000007' }))
  })
  const told: FollowStatus[] = []
  const client = createClient({ url: server.url })
  await assert.rejects(Array.fromAsync(client.follow('ses_1', { onStatus: (status) => void told.push(status) })), {
    status: 410,
    earliestOffset: '0000000000000007',
  })
  const { status, earliest } = told.at(-1) ?? {}
  assert.deepEqual([status, earliest], ['gap', '0000000000000007'])
})

test('an answer that ends as planned is followed by the next, and nobody is told', async () => {
  let answers = 0
  await using server = await serve((request, response) => {
    const place = ++answers
    const control = {
      streamNextOffset: `000000000000000${place}`,
      upToDate: true,
      ...(place === 3 && { streamClosed: true }),
    }
    assert.match(request.url ?? '', place === 1 ? /offset=-1/ : new RegExp(`offset=0+${place - 1}`))
    response.setHeader('content-type', 'text/event-stream')
    response.end(
      `event: data\ndata:${JSON.stringify([eventAt(place)])}\n\nevent: control\ndata:${JSON.stringify(control)}\n\n`,
    )
  })
  const told: string[] = []
  const how = { onStatus: ({ status }: FollowStatus) => void told.push(status), onReconnect: () => assert.fail('told') }
  const seen = await Array.fromAsync(createClient({ url: server.url }).follow('ses_1', how))
  assert.deepEqual(
    seen.map(({ event }) => event.seq),
    [1, 2, 3],
  )
  assert.deepEqual(told, ['connecting', 'catching-up', 'live', 'closed'])
})

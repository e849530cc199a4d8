import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'

import { MemoryStore } from '../../store/memory/memory-store.ts'
import { Subject } from '../../store/testing/subject.ts'
import { waitFor } from '../../test-runtime.ts'
import { filterOf } from '../event-filter.ts'
import { ExecutionRealms } from '../execution-realms.ts'
import { SessionStreams } from '../session-streams.ts'
import { bytesInMemory } from '../testing/fixture/bytes-in-memory.ts'
import { serveStream } from '../testing/serve-stream.ts'

const message = (n: number) => Buffer.from(JSON.stringify({ n }))

/** What is told by a whole answer: events and controls in order, and comments as null. */
const blocksOf = (text: string) =>
  text
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith('retry:'))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1] ?? 'comment',
      data: JSON.parse(/^data:(.*)$/m.exec(block)?.[1] ?? 'null') as never,
      id: /^id: (.*)$/m.exec(block)?.[1],
    }))

async function openLog() {
  const subject = await Subject.open(async (clock) => ({
    store: new MemoryStore(clock),
    [Symbol.asyncDispose]: async () => {},
  }))
  const session = await subject.session()
  const execution = await subject.execution(session)
  const filter = filterOf({ type: ['step.failed'] }, new ExecutionRealms(subject.store))
  const stream = new SessionStreams(subject.store).open(session, filter)
  const add = (type: string) => subject.record(execution, { entries: [subject.entry(type, execution.execution_id)] })
  return { stream, add }
}

test('an answer ends after its time, and a browser’s own EventSource goes on where it ended', async () => {
  const { stream, append } = bytesInMemory('application/json')
  await append([message(1)], false)
  await using served = await serveStream(stream, { reconnectMs: 100 })
  const url = `${served.url}?offset=-1&live=sse`
  const first = blocksOf(await (await fetch(url)).text())
  assert.deepEqual(
    first.map(({ event }) => event),
    ['data', 'control'],
  )
  await append([message(2)], true)
  const second = blocksOf(await (await fetch(url, { headers: { 'last-event-id': first[1]?.id ?? '' } })).text())
  assert.deepEqual(second[0]?.data, [{ n: 2 }])
  assert.deepEqual(second[1]?.data, { streamNextOffset: '0000000000000002', upToDate: true, streamClosed: true })
})

test('a quiet stream says something from time to time', async () => {
  await using served = await serveStream(bytesInMemory('application/json').stream, { reconnectMs: 300, heartbeatMs: 20 })
  const events = blocksOf(await (await fetch(`${served.url}?offset=-1&live=sse`)).text()).map(({ event }) => event)
  assert.deepEqual([events[0], events.filter((event) => event === 'control').length], ['control', 1])
  assert.ok(events.filter((event) => event === 'comment').length > 2)
})

test('what a filter passes over moves the reader’s offset on without data', async () => {
  const { stream, add } = await openLog()
  await using served = await serveStream(stream, { reconnectMs: 1_000, heartbeatMs: 20 })
  const answer = await fetch(`${served.url}?offset=-1&live=sse`)
  await add('step.completed')
  await add('step.failed')
  await add('step.completed')
  const blocks = blocksOf(await answer.text()).filter(({ event }) => event !== 'comment')
  const offsets = blocks.flatMap(({ id }) => id ?? [])
  assert.equal(blocks.filter(({ event }) => event === 'data').length, 1)
  assert.deepEqual(offsets, offsets.toSorted())
  assert.equal(new Set(offsets).size, offsets.length, 'no place is told twice')
  assert.equal(offsets.at(-1), '0000000000000005')
})

test('what was passed over since the last word is told before the answer ends', async () => {
  const { stream, add } = await openLog()
  await using served = await serveStream(stream, { reconnectMs: 300 })
  const answer = await fetch(`${served.url}?offset=-1&live=sse`)
  await add('step.completed')
  const blocks = blocksOf(await answer.text())
  assert.deepEqual(
    blocks.map(({ event, id }) => [event, id]),
    [
      ['control', '0000000000000002'],
      ['control', '0000000000000003'],
    ],
  )
})

test('a long poll passes over what a filter leaves out, and says how far it looked when its time is over', async () => {
  const { stream, add } = await openLog()
  await using served = await serveStream(stream, { longPollMs: 300 })
  const polled = fetch(`${served.url}?offset=0000000000000002&live=long-poll`)
  await add('step.completed')
  const { status, headers } = await polled
  assert.deepEqual(
    [status, headers.get('stream-next-offset'), headers.get('stream-up-to-date')],
    [204, '0000000000000003', 'true'],
  )
  const next = fetch(`${served.url}?offset=0000000000000003&live=long-poll`)
  await add('step.failed')
  assert.equal((await next).status, 200)
})

test('a reader that takes nothing is let go of, and the stream is not read ahead of it', async () => {
  const { stream, append } = bytesInMemory('text/plain')
  await append(
    Array.from({ length: 200 }, () => Buffer.alloc(256 * 1024, 'x')),
    false,
  )
  const reads = { count: 0 }
  const counted = { ...stream, read: (after: number) => stream.read((reads.count++, after)) }
  await using served = await serveStream(counted, { stallMs: 200 })
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write('GET /?offset=-1&live=sse HTTP/1.1\r\nhost: localhost\r\n\r\n')
  socket.pause()
  await waitFor(() => (reads.count > 0 ? true : null), 'the first read')
  const closed = once(socket, 'close')
  await new Promise((resolve) => setTimeout(resolve, 600))
  socket.resume()
  await closed
  assert.ok(reads.count < 100, `${reads.count} of 200 parts were read`)
})

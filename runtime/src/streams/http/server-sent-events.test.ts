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
import type { Stream } from '../stream.ts'
import { bytesInMemory } from '../testing/fixture/bytes-in-memory.ts'
import { serveStream } from '../testing/serve-stream.ts'

const message = (n: number) => Buffer.from(JSON.stringify({ n }))

interface Block {
  event: string
  data: unknown
  id: string | undefined
}

/** Events and controls in order, and comments. */
const blocksOf = (text: string): Block[] =>
  text
    .split('\n\n')
    .slice(0, -1)
    .filter((block) => !block.startsWith('retry:'))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1] ?? 'comment',
      data: JSON.parse(/^data:(.*)$/m.exec(block)?.[1] ?? 'null') as unknown,
      id: /^id: (.*)$/m.exec(block)?.[1],
    }))

/** Reads until there is enough. */
async function blocksUntil(answer: Response, enough: (blocks: Block[]) => boolean): Promise<Block[]> {
  let text = ''
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    if (enough(blocksOf(text))) return blocksOf(text)
  }
  throw new Error(`The answer ended: ${text}`)
}

const offsetsIn = (blocks: Block[]) => blocks.flatMap(({ id }) => id ?? [])
const OFFSET = (place: number) => String(place).padStart(16, '0')

async function openLog() {
  const subject = await Subject.open(async (clock) => ({
    store: new MemoryStore(clock),
    [Symbol.asyncDispose]: async () => {},
  }))
  const session = await subject.session()
  const execution = await subject.execution(session)
  const filter = filterOf({ type: ['step.failed'] }, new ExecutionRealms(subject.store))
  const opened = new SessionStreams(subject.store).open(session, filter)
  let place = 0
  const stream: Stream = {
    ...opened,
    async read(after) {
      const part = await opened.read(after)
      place = Math.max(place, part.next)
      return part
    },
  }
  const readTo = (next: number) => waitFor(() => (place >= next ? true : null), `a read up to ${next}`)
  const add = (type: string) => subject.record(execution, { entries: [subject.entry(type, execution.execution_id)] })
  return { stream, add, readTo }
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
  await using served = await serveStream(bytesInMemory('application/json').stream, { heartbeatMs: 20 })
  const answer = await fetch(`${served.url}?offset=-1&live=sse`)
  const blocks = await blocksUntil(answer, ({ length }) => length === 4)
  assert.deepEqual(
    blocks.map(({ event }) => event),
    ['control', 'comment', 'comment', 'comment'],
  )
})

test('what a filter passes over moves the reader’s offset on without data', async () => {
  const { stream, add } = await openLog()
  await using served = await serveStream(stream, { heartbeatMs: 20 })
  const answer = await fetch(`${served.url}?offset=-1&live=sse`)
  for (const type of ['step.completed', 'step.failed', 'step.completed']) await add(type)
  const blocks = await blocksUntil(answer, (told) => offsetsIn(told).at(-1) === OFFSET(5))
  assert.equal(blocks.filter(({ event }) => event === 'data').length, 1)
  const offsets = offsetsIn(blocks)
  assert.deepEqual(offsets, [...new Set(offsets)].toSorted(), 'no place is told twice')
})

test('what was passed over since the last word is told before the answer ends', async () => {
  const { stream, add, readTo } = await openLog()
  await using served = await serveStream(stream)
  const answer = await fetch(`${served.url}?offset=-1&live=sse`)
  await add('step.completed')
  await readTo(3)
  served.stop()
  assert.deepEqual(
    blocksOf(await answer.text()).map(({ event, id }) => [event, id]),
    [
      ['control', OFFSET(2)],
      ['control', OFFSET(3)],
    ],
  )
})

test('a long poll passes over what a filter leaves out, and says how far it has looked when its time is over', async () => {
  const { stream, add, readTo } = await openLog()
  await using served = await serveStream(stream)
  const found = fetch(`${served.url}?offset=${OFFSET(2)}&live=long-poll`)
  await add('step.completed')
  await readTo(3)
  await add('step.failed')
  assert.deepEqual([(await found).status, (await found).headers.get('stream-next-offset')], [200, OFFSET(4)])
  const last = fetch(`${served.url}?offset=${OFFSET(4)}&live=long-poll`)
  await add('step.completed')
  await readTo(5)
  served.stop()
  const { status, headers } = await last
  assert.deepEqual([status, headers.get('stream-next-offset')], [204, OFFSET(5)])
  assert.equal(headers.get('stream-up-to-date'), 'true')
})

test('a reader that takes nothing is let go of, and the stream is not read ahead of it', async () => {
  const { stream, append } = bytesInMemory('text/plain')
  const part = Buffer.alloc(256 * 1024, 'x')
  await append(
    Array.from({ length: 200 }, () => part),
    false,
  )
  let reads = 0
  const counted = { ...stream, read: (after: number) => stream.read((reads++, after)) }
  await using served = await serveStream(counted, { stallMs: 100 })
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /?offset=-1&live=sse HTTP/1.1\r\nhost: localhost\r\n\r\n')
  socket.pause()
  await waitFor(() => (reads > 0 ? true : null), 'the first read')
  await waitFor(async () => ((await served.connections()) === 0 ? true : null), 'the end of the connection')
  socket.destroy()
  assert.ok(reads < 100, `${reads} of 200 parts were read`)
})

test('a reader that takes nothing is let go of also when its time is over', async () => {
  const { stream, append } = bytesInMemory('text/plain')
  await append(
    Array.from({ length: 40 }, () => Buffer.alloc(256 * 1024, 'x')),
    false,
  )
  await using served = await serveStream(stream, { stallMs: 300, reconnectMs: 200 })
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /?offset=-1&live=sse HTTP/1.1\r\nhost: localhost\r\n\r\n')
  socket.pause()
  await waitFor(async () => ((await served.connections()) === 1 ? true : null), 'the connection')
  await waitFor(async () => ((await served.connections()) === 0 ? true : null), 'the end of the connection')
  socket.destroy()
})

// Reading any stream over HTTP, after the open protocol of Durable Streams (docs/protocol.md §6): where it ends, what there is, what
// comes next, and both as server-sent events.

import {
  type ReadStream,
  STREAM_CLOSED,
  STREAM_CURSOR,
  STREAM_NEXT_OFFSET,
  STREAM_UP_TO_DATE,
  cursorAfter,
  offsetOf,
} from '@biplane/protocol'
import type { FastifyReply } from 'fastify'

import type { Part, Stream } from '../stream.ts'
import { placeAsked } from './asked-place.ts'
import { isTagIn, tagOf } from './entity-tag.ts'
import { type Life, type Reading, lifeOf } from './reading.ts'
import { sendServerSentEvents } from './server-sent-events.ts'

/** Answers the request, or sends its answer by itself. @throws ProblemError offset_invalid */
export async function answerStream<M>(stream: Stream<M>, query: ReadStream, reading: Reading): Promise<unknown> {
  const { request, reply } = reading
  const { live, offset } = query
  reply.header('cross-origin-resource-policy', 'same-origin')
  if (request.method === 'HEAD') return answerHead(stream, reply)
  if (live === undefined && offset === 'now') return answerTail(stream, reply)
  const from = await placeAsked(stream, query, request)
  if (live === 'sse') return sendServerSentEvents(stream, { from, cursor: query.cursor }, reading)
  if (live === 'long-poll') return answerPoll(stream, from, query, reading)
  // A browser may keep it, but asks before it uses it: what was the end may not be it any more, nor may the reader read.
  return answerWith(stream, from, await stream.read(from), reading, 'private, no-cache')
}

/** Where it ends: the offset that is asked for has no part in that. */
async function answerHead({ framing, head }: Pick<Stream<never>, 'framing' | 'head'>, reply: FastifyReply) {
  const { last, closed } = await head()
  tell(reply, { next: last, upToDate: false, closed }, 'no-store')
  return reply.type(framing.contentType).send()
}

/** Nothing that was, and where what comes begins. Without a tag: the end is not there to be kept. */
async function answerTail<M>({ framing, head }: Stream<M>, reply: FastifyReply) {
  const { last, closed } = await head()
  tell(reply, { next: last, upToDate: true, closed }, 'no-store')
  return reply.type(framing.contentType).send(framing.body([]))
}

async function answerPoll<M>(stream: Stream<M>, from: number, { cursor }: ReadStream, reading: Reading) {
  const { reply, clock, random, pace } = reading
  const part = await nextPart(stream, from, lifeOf(reading, pace.longPollMs))
  reply.header(STREAM_CURSOR, String(cursorAfter(cursor, clock.now(), random)))
  if (part.messages.length > 0 || !part.upToDate) return answerWith(stream, from, part, reading, 'no-store')
  tell(reply, part, 'no-store')
  return reply.code(204).send()
}

/** The first part behind a place that shows something; or what there is to say when the stream is closed or the time over. */
async function nextPart<M>(stream: Stream<M>, from: number, { over, release }: Life): Promise<Part<M>> {
  try {
    for (let after = from; ;) {
      const part = await stream.read(after)
      if (part.messages.length > 0 || part.closed || over.aborted) return part
      after = part.next
      if (part.upToDate) await stream.wait(after, over)
    }
  } finally {
    release()
  }
}

function answerWith<M>(stream: Stream<M>, from: number, part: Part<M>, { request, reply }: Reading, caching: string) {
  const tag = tagOf(stream.id, from, part)
  tell(reply, part, caching)
  reply.header('etag', tag)
  if (isTagIn(request.headers['if-none-match'], tag)) return reply.code(304).send()
  return reply.type(stream.framing.contentType).send(stream.framing.body(part.messages))
}

function tell(reply: FastifyReply, { next, upToDate, closed }: Omit<Part<never>, 'messages'>, caching: string): void {
  reply.header(STREAM_NEXT_OFFSET, offsetOf(next))
  reply.header('cache-control', caching)
  if (upToDate) reply.header(STREAM_UP_TO_DATE, 'true')
  if (closed) reply.header(STREAM_CLOSED, 'true')
}

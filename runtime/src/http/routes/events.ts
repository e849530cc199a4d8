// A session's log over HTTP (docs/protocol.md §6): catch-up, long-poll and server-sent events are one read loop.

import {
  ProblemError,
  STREAM_CLOSED,
  STREAM_NEXT_OFFSET,
  STREAM_UP_TO_DATE,
  offsetOf,
  parseOffset,
} from '@biplane/protocol'
import * as z from 'zod'

import type { Batch } from '../../streams/session-streams.ts'
import { msLeft } from '../principal.ts'
import { type Asked, type Route, route } from '../route.ts'
import { sendServerSentEvents } from '../server-sent-events.ts'
import { OfSession, OfTenant, requireSession } from './session.ts'

const LONG_POLL_MS = 20_000

const Read = OfTenant.extend({
  offset: z.string().max(16).optional(),
  live: z.enum(['long-poll', 'sse']).optional(),
})
type AskedEvents = Asked<z.output<typeof Read>, unknown, z.output<typeof OfSession>>

export const eventRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/session/:session_id/events',
    summary:
      'Reads the log of a session: what is there, what comes next (live=long-poll), or both as server-sent events',
    access: { scope: 'event:read', notFound: 'session_not_found', bound: 'own' },
    params: OfSession,
    query: Read,
    answer: { status: 200, description: 'A JSON array of events, or text/event-stream.' },
    handle: readEvents,
  }),
]

async function readEvents(asked: AskedEvents) {
  const { runtime, query, reply, request } = asked
  // HEAD asks where the log stands, and waits for nothing.
  const live = request.method === 'HEAD' ? undefined : query.live
  const { session_id } = await requireSession(asked)
  const from = await startOf(asked)
  if (live === 'sse') {
    reply.hijack()
    return sendServerSentEvents(reply.raw, runtime, { session: session_id, from, who: asked.who })
  }
  const batch = await runtime.streams.read(session_id, from)
  if (live === 'long-poll' && batch.events.length === 0 && !batch.closed) {
    await waitForMore(asked, from)
    return answerBatch(reply, await runtime.streams.read(session_id, from), true)
  }
  return answerBatch(reply, batch, live === 'long-poll')
}

/** The offset asked for; a browser's own EventSource says by Last-Event-ID where it was. */
async function startOf({ runtime, request, query, params }: AskedEvents): Promise<number> {
  const resumed = request.headers['last-event-id']
  const offset = parseOffset(typeof resumed === 'string' && resumed !== '' ? resumed : (query.offset ?? '-1'))
  if (offset === null) throw new ProblemError('offset_invalid')
  return offset === 'now' ? runtime.streams.head(params.session_id) : offset
}

async function waitForMore({ runtime, request, params, who }: AskedEvents, from: number): Promise<void> {
  const left = new AbortController()
  const end = () => left.abort()
  const cancel = runtime.clock.after(Math.min(LONG_POLL_MS, msLeft(who, runtime.clock.now())), end)
  request.raw.socket.once('close', end)
  try {
    await runtime.streams.wait(params.session_id, from, AbortSignal.any([left.signal, runtime.stopping]))
  } finally {
    cancel()
    request.raw.socket.off('close', end)
  }
}

function answerBatch(reply: AskedEvents['reply'], batch: Batch, polled: boolean) {
  reply.header(STREAM_NEXT_OFFSET, offsetOf(batch.next))
  reply.header('cache-control', 'no-store')
  if (batch.upToDate) reply.header(STREAM_UP_TO_DATE, 'true')
  if (batch.closed) reply.header(STREAM_CLOSED, 'true')
  if (polled && batch.events.length === 0) return reply.code(204).send()
  reply.header('content-type', 'application/json; charset=utf-8')
  return `[${batch.events.join(',')}]`
}

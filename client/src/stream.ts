// Three ways to read a session's log over HTTP (docs/protocol.md §6). Each yields batches until the server ends its answer or
// the stream is closed; what went wrong is thrown, and the follower decides.

import { STREAM_CLOSED, STREAM_NEXT_OFFSET, STREAM_UP_TO_DATE } from '@biplane/protocol'
import type { Event } from '@biplane/protocol'

import { pause } from './backoff.ts'
import { notBiplane } from './error.ts'
import { pathOf } from './sessions.ts'
import { chunksOf, parseEvents } from './sse.ts'
import type { Surroundings } from './surroundings.ts'
import { type Transport, type WireRequest, readJson } from './transport.ts'

/**
 * `shared` is told at once, on one line for all that this client follows so; `sse` too, on a line of its own; `long-poll` at one
 * request per batch; `poll` asks every second.
 */
export type Way = 'shared' | 'sse' | 'long-poll' | 'poll'

export interface Batch {
  events: Event[]
  /** Where to go on; null if the batch does not say. */
  offset: string | null
  upToDate: boolean
  /** The session is closed and this was the last of it. */
  closed: boolean
  /** The offset of the last event that is known to be there, if it is not in this batch. */
  tail?: string
  /** The line is lost, and comes back by itself. */
  down?: { retryAt: number; reason: string }
}

export interface Position {
  sessionId: string
  offset: string
  signal?: AbortSignal | undefined
}

/** The server speaks every 15 s; after this long it is gone, though the connection has not noticed. */
const SILENCE_MS = 45_000
const POLL_MS = 1_000
/** After an answer without events, so that a server which answers early is not asked in a tight loop. */
const EMPTY_ANSWER_MS = 100

/** One answer of the log: what is there now, or with `long-poll` what comes next. */
export function readBatch(transport: Transport, position: Position, how: { live?: 'long-poll'; once?: boolean } = {}) {
  const { sessionId, offset, signal } = position
  const { live, once = false } = how
  return transport.exchange<Batch>(
    { method: 'GET', path: eventsPath(sessionId), query: { offset, live }, timeoutMs: SILENCE_MS, once, signal },
    async (response) => ({
      events: response.status === 204 ? [] : await readJson<Event[]>(response),
      offset: response.headers.get(STREAM_NEXT_OFFSET),
      upToDate: response.headers.get(STREAM_UP_TO_DATE) === 'true',
      closed: response.headers.get(STREAM_CLOSED) === 'true',
    }),
  )
}

/** The offset behind the last event there is now. */
export async function tailOf(transport: Transport, position: Omit<Position, 'offset'>): Promise<string> {
  const { offset } = await readBatch(transport, { ...position, offset: 'now' })
  return offset ?? 'now'
}

export async function* readPolling(
  transport: Transport,
  position: Position,
  live: 'long-poll' | 'poll',
): AsyncGenerator<Batch> {
  const how = live === 'poll' ? { once: true } : { live, once: true }
  for (let { offset } = position; ;) {
    const batch = await readBatch(transport, { ...position, offset }, how)
    yield batch
    if (batch.closed) return
    offset = batch.offset ?? offset
    if (live === 'poll' && batch.upToDate) await pause(POLL_MS, position.signal)
    else if (batch.events.length === 0) await pause(EMPTY_ANSWER_MS, position.signal)
  }
}

/** `onChange`: tells when the machine has slept; an answer from before that is dead, whether or not it looks so. */
export async function* readSse(
  transport: Transport,
  position: Position,
  onChange?: Surroundings['onChange'],
): AsyncGenerator<Batch> {
  const silence = watchSilence(position.signal, onChange)
  const { sessionId, offset } = position
  const request: WireRequest = {
    method: 'GET',
    path: eventsPath(sessionId),
    query: { offset, live: 'sse' },
    headers: { accept: 'text/event-stream' },
    timeoutMs: null,
    signal: silence.signal,
    once: true,
  }
  try {
    const body = await transport.exchange(request, bodyOf)
    for await (const { event, data } of parseEvents(silence.breaking(chunksOf(body)))) {
      if (event === 'data') yield { events: JSON.parse(data) as Event[], offset: null, upToDate: false, closed: false }
      if (event === 'control') yield control(data)
    }
  } finally {
    silence.stop()
  }
}

const eventsPath = (sessionId: string): string => `${pathOf(sessionId)}/events`

async function bodyOf(response: Response): Promise<ReadableStream<Uint8Array>> {
  if (response.body === null) throw notBiplane(response)
  return response.body
}

interface Control {
  streamNextOffset: string
  upToDate?: boolean
  streamClosed?: boolean
}

function control(data: string): Batch {
  const { streamNextOffset, upToDate = false, streamClosed = false } = JSON.parse(data) as Control
  return { events: [], offset: streamNextOffset, upToDate, closed: streamClosed }
}

/** A signal that aborts with `outer`, when no chunk has come for too long, or when the machine has slept. */
function watchSilence(outer: AbortSignal | undefined, onChange: Surroundings['onChange'] = () => () => {}) {
  const gone = new AbortController()
  const forget = onChange((change) => change === 'woke' && gone.abort(new Error('The machine has slept.')))
  const giveUp = () => gone.abort(new Error(`Nothing was heard for ${SILENCE_MS / 1000} s.`))
  let timer = setTimeout(giveUp, SILENCE_MS)
  return {
    signal: outer === undefined ? gone.signal : AbortSignal.any([outer, gone.signal]),
    async *breaking(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        clearTimeout(timer)
        timer = setTimeout(giveUp, SILENCE_MS)
        yield chunk
      }
    },
    stop() {
      clearTimeout(timer)
      forget()
      // A joint signal that somebody listened to is held until one of its sources aborts.
      gone.abort()
    },
  }
}

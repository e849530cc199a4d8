// Three ways to read a log over HTTP (docs/protocol.md §6). Each yields parts of it until the server ends its answer or the stream
// is closed; what went wrong is thrown, and the follower decides.

import { STREAM_CLOSED, STREAM_NEXT_OFFSET, STREAM_UP_TO_DATE } from '@biplane/protocol'

import { pause } from './backoff.ts'
import { notBiplane } from './error.ts'
import { type Followed, type Log, followedIn, readRequest } from './log.ts'
import { chunksOf, parseEvents } from './sse.ts'
import type { Surroundings } from './surroundings.ts'
import { type Transport, type WireRequest, readJson } from './transport.ts'

/**
 * `shared` is told at once, on one line for all that this client follows so; `sse` too, on a line of its own; `long-poll` at one
 * request per batch; `poll` asks every second.
 */
export type Way = 'shared' | 'sse' | 'long-poll' | 'poll'

export interface Part {
  events: Followed[]
  /** Where to go on; null if this part does not say. */
  offset: string | null
  upToDate: boolean
  /** The session is closed and this was the last of it. */
  closed: boolean
  /** The offset of the last event that is known to be there, if it is not in this part. */
  tail?: string
  /** The line is lost, and comes back by itself. */
  down?: { retryAt: number; reason: string }
}

export interface Position {
  log: Log
  offset: string
  signal?: AbortSignal | undefined
}

/** The server speaks every 15 s; after this long it is gone, though the connection has not noticed. */
const SILENCE_MS = 45_000
const POLL_MS = 1_000
/** After an answer without events, so that a server which answers early is not asked in a tight loop. */
const EMPTY_ANSWER_MS = 100

/** One answer of the log: what is there now, or with `long-poll` what comes next. */
export async function readPart(
  transport: Transport,
  position: Position,
  how: { live?: 'long-poll'; once?: boolean } = {},
) {
  const { log, offset, signal } = position
  const { live, once = false } = how
  const asked = readRequest(log, transport.access.tenantId, { offset, live })
  return transport.exchange<Part>(
    { method: 'GET', ...asked, timeoutMs: SILENCE_MS, once, signal },
    async (response) => ({
      events: response.status === 204 ? [] : followedIn(log, await readJson<unknown>(response)),
      offset: response.headers.get(STREAM_NEXT_OFFSET),
      upToDate: response.headers.get(STREAM_UP_TO_DATE) === 'true',
      closed: response.headers.get(STREAM_CLOSED) === 'true',
    }),
  )
}

/** The offset behind the last event there is now. */
export async function tailOf(transport: Transport, position: Omit<Position, 'offset'>): Promise<string> {
  const { offset } = await readPart(transport, { ...position, offset: 'now' })
  return offset ?? 'now'
}

export async function* readPolling(
  transport: Transport,
  position: Position,
  live: 'long-poll' | 'poll',
): AsyncGenerator<Part> {
  const how = live === 'poll' ? { once: true } : { live, once: true }
  for (let { offset } = position; ;) {
    const part = await readPart(transport, { ...position, offset }, how)
    yield part
    if (part.closed) return
    offset = part.offset ?? offset
    if (live === 'poll' && part.upToDate) await pause(POLL_MS, position.signal)
    else if (part.events.length === 0) await pause(EMPTY_ANSWER_MS, position.signal)
  }
}

/** `onChange`: tells when the machine has slept; an answer from before that is dead, whether or not it looks so. */
export async function* readSse(
  transport: Transport,
  position: Position,
  onChange?: Surroundings['onChange'],
): AsyncGenerator<Part> {
  const { log, offset } = position
  const asked = readRequest(log, transport.access.tenantId, { offset, live: 'sse' })
  const silence = watchSilence(position.signal, onChange)
  const request: WireRequest = {
    method: 'GET',
    ...asked,
    headers: { accept: 'text/event-stream' },
    timeoutMs: null,
    signal: silence.signal,
    once: true,
  }
  try {
    const body = await transport.exchange(request, bodyOf)
    for await (const { event, data } of parseEvents(silence.breaking(chunksOf(body)))) {
      if (event === 'data')
        yield { events: followedIn(log, JSON.parse(data)), offset: null, upToDate: false, closed: false }
      if (event === 'control') yield control(data)
    }
  } finally {
    silence.stop()
  }
}

async function bodyOf(response: Response): Promise<ReadableStream<Uint8Array>> {
  if (response.body === null) throw notBiplane(response)
  return response.body
}

interface Control {
  streamNextOffset: string
  upToDate?: boolean
  streamClosed?: boolean
}

function control(data: string): Part {
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

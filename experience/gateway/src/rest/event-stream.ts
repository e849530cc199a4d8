// A session's log as server-sent events and by long polls (docs/protocol.md §6), from what the gateway is told for all who watch.
// While the runtime is away the reader is kept, and goes on when it is back.

import {
  QUIET_COMMENT,
  RETRY_MS,
  STREAM_CURSOR,
  STREAM_NEXT_OFFSET,
  STREAM_UP_TO_DATE,
  type SessionId,
  controlOf,
  cursorAfter,
  offsetOf,
  presentCursor,
} from '@biplane/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { pagesOf } from '../feed/page.ts'
import type { Part } from '../feed/part.ts'
import { Reader, type Sink } from '../feed/reader.ts'
import type { Caller } from '../identity/caller.ts'
import { createBeats } from '../kit/beats.ts'
import type { Kit } from '../kit/kit.ts'

export interface Followed {
  caller: Caller
  sessionId: SessionId
  offset: string
  /** The last `Stream-Cursor` that the reader was given. */
  cursor: string | undefined
}

/** Answers end after about so long, and the reader comes back; a little apart, so that not all come at once. */
const RECONNECT_MS = 60_000
const APART = 0.2
const LONG_POLL_MS = 20_000
const keepAwake = createBeats(15_000)
/** Who takes nothing for so long is gone or stuck. */
const STALL_MS = 30_000
/** With more unsent, a reader is given nothing more. */
const UNSENT_BYTES_PAUSE = 256 * 1024

/** @throws BiplaneError or ProblemError if the log cannot be read, before anything was answered */
export async function sendEvents(
  kit: Kit,
  request: FastifyRequest,
  reply: FastifyReply,
  followed: Followed,
): Promise<FastifyReply> {
  const { caller, sessionId } = followed
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const answer = new EventAnswer(reply, followed.cursor)
  const reader = new Reader(kit.feed, followed, pagesOf(kit, caller, sessionId, gone.signal), answer)
  const first = await reader.first()
  reply.headers(kit.rateHeaders(request.headers))
  answer.open(reader)
  const ends = [kit.whileHolds(caller, () => answer.end()), kit.whenStopping(() => answer.end())]
  gone.signal.addEventListener('abort', () => {
    reader.end()
    answer.over()
    for (const forget of ends) forget()
  })
  if (gone.signal.aborted) return reply
  reader.begin(first)
  return reply
}

class EventAnswer implements Sink {
  readonly #reply: FastifyReply
  #cursor: number
  #quiet = () => {}
  #life: NodeJS.Timeout | undefined
  #stall: NodeJS.Timeout | undefined

  constructor(reply: FastifyReply, cursor: string | undefined) {
    this.#reply = reply
    this.#cursor = cursorAfter(cursor, Date.now(), Math.random)
  }

  open(reader: Reader): void {
    const { raw } = this.#reply
    this.#reply.headers({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-store',
      'x-accel-buffering': 'no',
    })
    for (const [name, value] of Object.entries(this.#reply.getHeaders()))
      if (value !== undefined) raw.setHeader(name, value)
    this.#reply.hijack()
    raw.writeHead(200)
    raw.write(`retry: ${RETRY_MS}\n\n`)
    raw.on('drain', () => {
      clearTimeout(this.#stall)
      this.#stall = undefined
      reader.wake()
    })
    this.#quiet = keepAwake(() => raw.writableLength === 0 && raw.write(QUIET_COMMENT))
    this.#life = setTimeout(() => this.end(), RECONNECT_MS * (1 - APART * Math.random()))
  }

  hasRoom(): boolean {
    return this.#reply.raw.writableLength <= UNSENT_BYTES_PAUSE
  }

  take(part: Part): void {
    const { raw } = this.#reply
    this.#cursor = Math.max(this.#cursor, presentCursor(Date.now()))
    if (!raw.write(part.data() + controlOf(part, this.#cursor))) {
      this.#stall ??= setTimeout(() => raw.destroy(), STALL_MS)
    }
    if (part.closed) this.end()
  }

  /** The reader comes back, and is told what was wrong. */
  fail(): void {
    this.end()
  }

  /** What is unsent may still leave. */
  end(): void {
    const { raw } = this.#reply
    if (raw.writableEnded) return
    this.#stall ??= setTimeout(() => raw.destroy(), STALL_MS)
    raw.end()
  }

  over(): void {
    clearTimeout(this.#stall)
    clearTimeout(this.#life)
    this.#quiet()
  }
}

/**
 * Resolves when there is something to answer: true if the runtime has it, false if nothing came and this was answered.
 * @throws BiplaneError or ProblemError if the log cannot be read
 */
export async function waitForEvents(kit: Kit, reply: FastifyReply, followed: Followed): Promise<boolean> {
  const { caller, sessionId, cursor } = followed
  const gone = new AbortController()
  const { promise: news, resolve } = Promise.withResolvers<boolean>()
  const sink: Sink = {
    hasRoom: () => true,
    take: (part) => (!part.isEmpty || part.closed) && resolve(true),
    fail: () => resolve(true),
  }
  const reader = new Reader(kit.feed, followed, pagesOf(kit, caller, sessionId, gone.signal), sink)
  const over = () => resolve(false)
  const timer = setTimeout(over, LONG_POLL_MS)
  const ends = [kit.whileHolds(caller, over), kit.whenStopping(over)]
  reply.raw.once('close', over)
  try {
    const first = await reader.first()
    reader.begin(first)
    if (await news) return true
    reply.headers({
      [STREAM_NEXT_OFFSET]: offsetOf(first.next),
      [STREAM_UP_TO_DATE]: 'true',
      [STREAM_CURSOR]: String(cursorAfter(cursor, Date.now(), Math.random)),
      'cache-control': 'no-store',
    })
    reply.code(204)
    return false
  } finally {
    clearTimeout(timer)
    for (const forget of ends) forget()
    reply.raw.off('close', over)
    gone.abort()
    reader.end()
  }
}

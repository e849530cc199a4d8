// A log as server-sent events and by long polls (docs/protocol.md §6), from what the gateway is told for all who watch.
// While the runtime is away the reader is kept, and goes on when it is back.

import type { ServerResponse } from 'node:http'

import {
  QUIET_COMMENT,
  RETRY_MS,
  STREAM_CURSOR,
  STREAM_NEXT_OFFSET,
  STREAM_UP_TO_DATE,
  controlOf,
  cursorAfter,
  offsetOf,
  presentCursor,
} from '@biplane/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { type Reading, pagesOf } from '../feed/page.ts'
import type { Part } from '../feed/part.ts'
import { Reader, type Sink } from '../feed/reader.ts'
import { createBeats } from '../kit/beats.ts'
import type { Kit } from '../kit/kit.ts'

export interface Followed extends Reading {
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
  const { caller } = followed
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const answer = new EventAnswer(reply, followed.cursor)
  const reader = new Reader(kit.feed, followed, pagesOf(kit, followed, gone.signal), answer)
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
  #reader: Reader | null = null
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
    this.#reader = reader
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
    this.#quiet = keepAwake(() => this.#beat())
    this.#life = setTimeout(() => this.end(), RECONNECT_MS * (1 - APART * Math.random()))
  }

  hasRoom(): boolean {
    return this.#reply.raw.writableLength <= UNSENT_BYTES_PAUSE
  }

  take(part: Part): void {
    this.#cursor = Math.max(this.#cursor, presentCursor(Date.now()))
    if (!this.#reply.raw.write(part.serverSent(this.#cursor))) this.#watchStall()
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
    this.#tellPassed()
    this.#watchStall()
    raw.end()
  }

  over(): void {
    clearTimeout(this.#stall)
    clearTimeout(this.#life)
    this.#quiet()
  }

  #beat(): void {
    const { raw } = this.#reply
    if (raw.writableLength === 0 && !this.#tellPassed()) raw.write(QUIET_COMMENT)
  }

  #tellPassed(): boolean {
    const standing = this.#reader?.passed() ?? null
    if (standing !== null) this.#reply.raw.write(controlOf(standing, this.#cursor))
    return standing !== null
  }

  #watchStall(): void {
    if (this.#stall !== undefined) return
    const { raw } = this.#reply
    const before = takenBy(raw)
    this.#stall = setTimeout(() => {
      this.#stall = undefined
      if (takenBy(raw) === before) raw.destroy()
      else this.#watchStall()
    }, STALL_MS)
  }
}

/** Bytes that have left for the network. */
const takenBy = ({ socket }: ServerResponse): number =>
  socket === null ? 0 : socket.bytesWritten - socket.writableLength

/**
 * Resolves when there is something to answer: the offset behind which the runtime has it, or null if nothing came and that was said.
 * @throws BiplaneError or ProblemError if the log cannot be read
 */
export async function waitForEvents(kit: Kit, reply: FastifyReply, followed: Followed): Promise<string | null> {
  const { caller, cursor } = followed
  const gone = new AbortController()
  const { promise: news, resolve } = Promise.withResolvers<boolean>()
  const sink: Sink = {
    hasRoom: () => true,
    take: (part) => (!part.isEmpty || part.closed) && resolve(true),
    fail: () => resolve(true),
  }
  const reader = new Reader(kit.feed, followed, pagesOf(kit, followed, gone.signal), sink)
  const over = () => resolve(false)
  const timer = setTimeout(over, LONG_POLL_MS)
  const ends = [kit.whileHolds(caller, over), kit.whenStopping(over)]
  reply.raw.once('close', over)
  try {
    const first = await reader.first()
    reader.begin(first)
    // Read again behind `now`, what came would be behind the reader.
    if (await news) return followed.offset === 'now' ? offsetOf(first.next) : followed.offset
    const { offset, isAtEnd } = reader.standing()
    reply.headers({
      [STREAM_NEXT_OFFSET]: offset,
      ...(isAtEnd && { [STREAM_UP_TO_DATE]: 'true' }),
      [STREAM_CURSOR]: String(cursorAfter(cursor, Date.now(), Math.random)),
      'cache-control': 'no-store',
    })
    reply.code(204)
    return null
  } finally {
    clearTimeout(timer)
    for (const forget of ends) forget()
    reply.raw.off('close', over)
    gone.abort()
    reader.end()
  }
}

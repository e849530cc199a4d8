// A stream as server-sent events: pairs of data and control, one part at a time. The next part is read only when the last has left
// for the network, so a slow reader costs one part of memory and is closed if it stalls; it resumes by its offset. The answer ends
// with the reader's token, and else after a while: whoever reads comes back.

import { once } from 'node:events'
import type { ServerResponse } from 'node:http'

import { QUIET_COMMENT, RETRY_MS, controlOf, cursorAfter, dataOf, presentCursor } from '@biplane/protocol'
import type { FastifyReply } from 'fastify'

import type { Clock } from '../../engine/ports.ts'
import type { Framing, Part, Stream } from '../stream.ts'
import { type Reading, lifeOf } from './reading.ts'

/** Answers end a little apart, by this part of their time, so that readers do not all come back at once. */
const APART = 0.2

interface Begin {
  from: number
  cursor: string | undefined
}

/** @throws what the stream cannot be read for, before anything is answered */
export async function sendServerSentEvents<M>(stream: Stream<M>, begin: Begin, reading: Reading): Promise<void> {
  const { reply, random, pace } = reading
  const { over, release } = lifeOf(reading, pace.reconnectMs * (1 - APART * random()))
  try {
    const first = await stream.read(begin.from)
    beginAnswer(reply, stream.framing)
    await tell(stream, first, new Teller<M>(reading, stream.framing, begin.cursor), over, reading)
  } finally {
    release()
  }
}

async function tell<M>(
  stream: Stream<M>,
  first: Part<M>,
  teller: Teller<M>,
  over: AbortSignal,
  reading: Reading,
): Promise<void> {
  const quiet = repeat(reading.clock, reading.pace.heartbeatMs, () => teller.beat())
  try {
    for (let part = first; !over.aborted;) {
      await teller.take(part, over)
      if (part.closed) break
      if (part.upToDate) await stream.wait(part.next, over)
      if (!over.aborted) part = await stream.read(part.next)
    }
    teller.end()
  } finally {
    quiet()
    endAnswer(reading.reply.raw, reading)
  }
}

function beginAnswer(reply: FastifyReply, { encoding }: Framing<never>): void {
  reply.headers({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-store',
    'x-accel-buffering': 'no',
    ...(encoding && { 'stream-sse-data-encoding': encoding }),
  })
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.hijack()
  reply.raw.writeHead(200)
  reply.raw.write(`retry: ${RETRY_MS}\n\n`)
}

/** What is unsent may still leave, if the reader takes it. */
function endAnswer(response: ServerResponse, { clock, pace }: Reading): void {
  if (response.destroyed) return
  const cancel = clock.after(pace.stallMs, () => response.destroy())
  response.once('close', cancel)
  response.end()
}

/** What the reader has been told of the stream, and where it has got to beyond that. */
class Teller<M> {
  readonly #reading: Reading
  readonly #response: ServerResponse
  readonly #framing: Framing<M>
  #cursor: number
  /** The last control event that was sent. */
  #told: Part<M> | null = null
  /** What would be told now. */
  #stand: Part<M> | null = null

  constructor(reading: Reading, framing: Framing<M>, cursor: string | undefined) {
    this.#reading = reading
    this.#response = reading.reply.raw
    this.#framing = framing
    this.#cursor = cursorAfter(cursor, reading.clock.now(), reading.random)
  }

  /** Tells what there is to tell, and waits until it has left. The first part says where the reader stands, whatever it holds. */
  async take(part: Part<M>, over: AbortSignal): Promise<void> {
    this.#stand = part
    const isNews = part.messages.length > 0 || part.closed || (part.upToDate && this.#told?.upToDate !== true)
    if (this.#told && !isNews) return
    if (!this.#send(part)) await this.#untilSent(over)
  }

  /** What was passed over, if anything was, else a comment. */
  beat(): void {
    if (this.#response.writableLength > 0) return
    if (!this.#sendPassed()) this.#response.write(QUIET_COMMENT)
  }

  end(): void {
    if (!this.#response.destroyed) this.#sendPassed()
  }

  #sendPassed(): boolean {
    if (!this.#stand || this.#stand.next === this.#told?.next) return false
    this.#send({ ...this.#stand, messages: [] })
    return true
  }

  /** False if it has not left for the network yet. */
  #send(part: Part<M>): boolean {
    const { messages } = part
    this.#told = part
    const data = messages.length === 0 ? '' : dataOf(this.#framing.text(messages))
    return this.#response.write(data + this.#control(part))
  }

  #control(part: Part<M>): string {
    this.#cursor = Math.max(this.#cursor, presentCursor(this.#reading.clock.now()))
    return controlOf(part, this.#cursor)
  }

  async #untilSent(over: AbortSignal): Promise<void> {
    const { clock, pace } = this.#reading
    const cancel = clock.after(pace.stallMs, () => this.#response.destroy())
    // Rejects when the reader is gone, which the loop sees for itself.
    await once(this.#response, 'drain', { signal: over }).catch(() => {})
    cancel()
  }
}

function repeat(clock: Clock, every_ms: number, task: () => void): () => void {
  let cancel = () => {}
  const schedule = () => {
    cancel = clock.after(every_ms, () => {
      task()
      schedule()
    })
  }
  schedule()
  return () => cancel()
}

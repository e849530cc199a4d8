// Following a session's log. Whatever lies between may fail: the follower connects again, a little later each time, and goes
// on behind the last event it gave. It keeps that place itself, so nothing is skipped or given twice (docs/guarantees.md, G6).

import { offsetOf } from '@biplane/protocol'
import type { Event } from '@biplane/protocol'

import { type Backoff, backoffMs, pause } from './backoff.ts'
import { BiplaneError } from './error.ts'
import { type Batch, type Live, type Position, readPolling, readSse, tailOf } from './stream.ts'
import type { Transport } from './transport.ts'

export interface FollowOptions {
  /** `-1` (default): from the start. `now`: only what is to come. Else an offset that a stream gave. */
  offset?: string
  /** Default `sse`. */
  live?: Live
  /** Aborting rejects with its reason. To leave quietly, leave the loop. */
  signal?: AbortSignal | undefined
  /** Told before each new connection, for people who watch. `error` is null if the server ended its answer. */
  onReconnect?: (reconnect: { attempt: number; delayMs: number; error: Error | null }) => void
  /** Told behind the last event that there is for now, with the offset; again whenever there was more. */
  onCaughtUp?: (offset: string) => void
}

export interface Followed {
  event: Event
  /** Behind this event: pass it to follow on from here. */
  offset: string
}

const RECONNECT: Backoff = { baseMs: 200, maxMs: 10_000 }

/** Yields the events of a session in order until its stream is closed. @throws BiplaneError if connecting again cannot help */
export async function* follow(
  transport: Transport,
  sessionId: string,
  { offset = '-1', live = 'sse', signal, onReconnect, onCaughtUp }: FollowOptions = {},
): AsyncGenerator<Followed, void> {
  const position: Position = { sessionId, offset, signal }
  for (let failures = 0; ;) {
    let error: Error | null = null
    try {
      // `now` is made a place at once: a connection lost before its first event must not skip what came meanwhile.
      if (position.offset === 'now') position.offset = await tailOf(transport, position)
      for await (const batch of read(transport, { ...position }, live)) {
        failures = 0
        for (const event of batch.events) {
          position.offset = offsetOf(event.seq)
          yield { event, offset: position.offset }
        }
        position.offset = batch.offset ?? position.offset
        if (batch.upToDate) onCaughtUp?.(position.offset)
        if (batch.closed) return
      }
    } catch (thrown) {
      signal?.throwIfAborted()
      if (!isPassing(thrown)) throw thrown
      error = thrown
    }
    const delayMs = backoffMs(++failures, RECONNECT)
    onReconnect?.({ attempt: failures, delayMs, error })
    await pause(delayMs, signal)
  }
}

const read = (transport: Transport, position: Position, live: Live): AsyncGenerator<Batch> =>
  live === 'sse' ? readSse(transport, position) : readPolling(transport, position, live)

/** What a server says of the request itself will be said again; what broke, or is overloaded, may be whole in a moment. */
const isPassing = (error: unknown): error is Error =>
  error instanceof BiplaneError ? error.status >= 500 || error.status === 429 : error instanceof Error

// One subscription of a socket: the read loop of a stream. It reads on only when the socket holds little, and sends only while the
// reader is known.

import { ProblemError, type SocketMessage, type SocketRequest, type StreamOf, offsetOf } from '@biplane/protocol'
import type { WebSocket } from 'ws'

import type { Runtime } from '../runtime-parts.ts'
import { filterOf } from '../streams/event-filter.ts'
import type { EventStream } from '../streams/gather.ts'
import { placeOf } from '../streams/place-of.ts'
import { type Principal, msLeft, requireScope } from './principal.ts'
import type { SocketIdentity } from './socket-identity.ts'
import { isFull, untilSent } from './until-sent.ts'

export type Subscribe = Extract<SocketRequest, { type: 'subscribe' }>

/** What a filter has passed over is told when nothing else was for so long. */
const PASSED_EVERY_MS = 15_000

export interface SocketParts {
  socket: WebSocket
  runtime: Runtime
  identity: SocketIdentity
  /** The streams of a socket read one at a time, so that only one batch is in memory. */
  inTurn<T>(task: () => Promise<T>): Promise<T>
}

type Part = Awaited<ReturnType<EventStream['read']>>

/** Reads, sends, waits, until the subscription is ended, the socket closes, or the log does. @throws ProblemError */
export async function followStream(parts: SocketParts, request: Subscribe, ended: AbortController): Promise<void> {
  const { signal } = ended
  const own = await whoShown(parts, request)
  const stream = await openStream(parts, request, own ?? parts.identity.now)
  const cancel = own === null ? () => {} : endWithToken(parts, own, ended)
  try {
    let after = await placeOf(stream.head, request.offset ?? '-1')
    const teller = new StreamTeller(parts, request, signal)
    while (!signal.aborted) {
      const part = await parts.inTurn(() => tellNext(stream, after, teller))
      if (part === null || part.closed) break
      after = part.next
      if (part.upToDate) await stream.wait(after, signal)
    }
  } finally {
    cancel()
  }
  if (signal.reason instanceof ProblemError) throw signal.reason
}

/** Null if this stream is read by whoever opened the socket. */
async function whoShown({ runtime, identity }: SocketParts, { token }: Subscribe): Promise<Principal | null> {
  // A socket of nobody reads nothing, whatever is shown for a stream.
  const { now } = identity
  if (token === undefined || now === null || !runtime.verify) return null
  const who = await runtime.verify(token)
  requireScope(who, 'event:read')
  return who
}

function endWithToken({ runtime: { clock } }: SocketParts, who: Principal, ended: AbortController): () => void {
  const lapsed = new ProblemError('unauthenticated', 'The token of the stream has expired: subscribe with a fresh one.')
  return clock.after(msLeft(who, clock.now()), () => ended.abort(lapsed))
}

/** @throws ProblemError session_not_found, tenant_required */
async function openStream({ runtime }: SocketParts, request: Subscribe, who: Principal | null): Promise<EventStream> {
  const { session_id } = request
  const tenant = who?.tenant ?? request.tenant_id
  if (tenant === undefined) throw new ProblemError('tenant_required')
  const isForeign = tenant !== (request.tenant_id ?? tenant)
  const isBeyond = who?.session !== undefined && who.session !== session_id
  if (isForeign || isBeyond) throw new ProblemError('session_not_found')
  const filter = filterOf(request.filter ?? {}, runtime.realms)
  if (session_id === undefined) return runtime.tenantStreams.open(tenant, filter)
  if (await runtime.store.getSession(tenant, session_id)) return runtime.streams.open(session_id, filter)
  throw new ProblemError('session_not_found')
}

/** Null if the subscription has ended meanwhile. */
async function tellNext(stream: EventStream, after: number, teller: StreamTeller): Promise<Part | null> {
  if (!(await teller.hasRoom())) return null
  const part = await stream.read(after)
  return (await teller.tell(part)) ? part : null
}

class StreamTeller {
  readonly #parts: SocketParts
  readonly #of: StreamOf
  readonly #signal: AbortSignal
  #isCaughtUp = false
  #toldMs = 0

  constructor(parts: SocketParts, { stream, session_id }: Subscribe, signal: AbortSignal) {
    this.#parts = parts
    this.#of = { ...(stream !== undefined && { stream }), ...(session_id !== undefined && { session_id }) }
    this.#signal = signal
  }

  /** Waits until something may be sent. False if the subscription has ended. */
  async hasRoom(): Promise<boolean> {
    const { socket, runtime, identity } = this.#parts
    await untilSent(socket, runtime.clock, this.#signal)
    await identity.mayBeTold()
    return !this.#signal.aborted
  }

  /** At the pace of the socket. False if the subscription has ended. */
  async tell({ messages, places, next, closed, upToDate }: Part): Promise<boolean> {
    if (!(await this.hasRoom())) return false
    const { socket, runtime } = this.#parts
    const head = `{"type":"event",${JSON.stringify(this.#of).slice(1, -1)},"offset":"`
    for (const [i, event] of messages.entries()) {
      if (isFull(socket) && !(await this.hasRoom())) return false
      socket.send(`${head}${offsetOf(places[i] as number)}","event":${event}}`)
    }
    const isQuiet = messages.length === 0 && this.#isCaughtUp && runtime.clock.now() - this.#toldMs < PASSED_EVERY_MS
    const at = { ...this.#of, offset: offsetOf(next) }
    if (closed) this.#say({ type: 'closed', ...at })
    else if (upToDate && !isQuiet) this.#say({ type: 'caught_up', ...at })
    this.#isCaughtUp = upToDate
    return true
  }

  #say(message: SocketMessage): void {
    this.#toldMs = this.#parts.runtime.clock.now()
    this.#parts.socket.send(JSON.stringify(message))
  }
}

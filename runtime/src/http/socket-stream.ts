// One subscription of a socket: the read loop of a stream. It reads on only when the socket holds little, and sends only while the
// reader is known.

import { ProblemError, type SessionId, type SocketRequest, offsetOf } from '@biplane/protocol'
import type { WebSocket } from 'ws'

import type { Runtime } from '../runtime-parts.ts'
import { placeOf } from '../streams/place-of.ts'
import type { Batch } from '../streams/session-streams.ts'
import type { SocketIdentity } from './socket-identity.ts'

/** While a socket has more unsent, nothing more is read for it: it holds this and one batch, about 1 MiB in all. */
const UNSENT_BYTES_PAUSE = 256 * 1024
const LOOK_EVERY_MS = 20
/** A socket that takes nothing for so long is behind: it is closed with 1013 and resumes by its offsets. */
const STALL_MS = 30_000
const TRY_AGAIN_LATER = 1013

export type Subscribe = Extract<SocketRequest, { type: 'subscribe' }>

interface Reader {
  socket: WebSocket
  runtime: Runtime
  identity: SocketIdentity
  /** The streams of a socket read one at a time, so that only one batch is in memory. */
  inTurn<T>(task: () => Promise<T>): Promise<T>
}

/** Reads, sends, waits, until the subscription is ended, the socket closes, or the log does. */
export async function followStream(reader: Reader, request: Subscribe, signal: AbortSignal): Promise<void> {
  const { streams } = reader.runtime
  const { session_id } = request
  await requireSession(reader, request)
  let after = await placeOf(() => streams.head(session_id), request.offset ?? '-1')
  while (!signal.aborted) {
    const batch = await reader.inTurn(() => tellNext(reader, session_id, after, signal))
    if (batch === null || batch.closed) return
    after = batch.next
    if (batch.upToDate) await streams.wait(session_id, after, signal)
  }
}

/** Null if the subscription has ended meanwhile. */
async function tellNext(reader: Reader, session: SessionId, after: number, signal: AbortSignal): Promise<Batch | null> {
  const { socket, runtime, identity } = reader
  await untilSent(reader, signal)
  if (signal.aborted) return null
  const batch = await runtime.streams.read(session, after)
  await identity.mayBeTold()
  if (signal.aborted) return null
  sendBatch(socket, session, batch)
  return batch
}

async function requireSession({ runtime, identity }: Reader, request: Subscribe): Promise<void> {
  const who = identity.now
  const tenant = who?.tenant ?? request.tenant_id
  if (tenant === undefined) throw new ProblemError('tenant_required')
  const isForeign = tenant !== (request.tenant_id ?? tenant)
  const isBeyond = who?.session !== undefined && who.session !== request.session_id
  if (isForeign || isBeyond || !(await runtime.store.getSession(tenant, request.session_id))) {
    throw new ProblemError('session_not_found')
  }
}

function sendBatch(socket: WebSocket, session_id: SessionId, { events, places, next, closed, upToDate }: Batch): void {
  for (const [i, event] of events.entries()) {
    const offset = offsetOf(places[i] ?? next)
    socket.send(`{"type":"event","session_id":"${session_id}","offset":"${offset}","event":${event}}`)
  }
  const at = { session_id, offset: offsetOf(next) }
  if (closed) socket.send(JSON.stringify({ type: 'closed', ...at }))
  else if (upToDate) socket.send(JSON.stringify({ type: 'caught_up', ...at }))
}

/** Waits while the socket has much unsent. @returns when it has little, or was closed for having stalled */
async function untilSent({ socket, runtime: { clock } }: Reader, signal: AbortSignal): Promise<void> {
  let unsent = socket.bufferedAmount
  let moved = clock.now()
  while (socket.bufferedAmount > UNSENT_BYTES_PAUSE && !signal.aborted) {
    if (socket.bufferedAmount < unsent) moved = clock.now()
    else if (clock.now() - moved > STALL_MS) return socket.close(TRY_AGAIN_LATER, 'the reader is behind')
    unsent = socket.bufferedAmount
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve))
  }
}

// Many logs on one WebSocket (docs/protocol.md §6). Each subscription is the read loop of a stream; all of them share one socket,
// and none reads on while the socket holds more than a bound.

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

import { ProblemError, SocketRequest, offsetOf, parseJson, parseOffset } from '@biplane/protocol'
import type { SessionId, SocketMessage } from '@biplane/protocol'
import { type WebSocket, WebSocketServer } from 'ws'

import type { Runtime } from '../runtime-parts.ts'
import type { Principal } from './principal.ts'

const SOCKET_PATH = '/api/events'
const REQUEST_BYTES_MAX = 4 * 1024
const SUBSCRIPTIONS_MAX = 1_000
/** A socket that holds more unsent bytes is behind: it is closed with 1013 and resumes by its offsets. */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024
/** Above this, its streams pause. */
const UNSENT_BYTES_PAUSE = 256 * 1024
const PAUSE_MS = 20
const STALL_MS = 30_000
const PING_EVERY_MS = 30_000
const TRY_AGAIN_LATER = 1013
const GOING_AWAY = 1001

export type Admit = (request: IncomingMessage) => Promise<Principal | null>

/** `admit` answers who connects, null on open loopback where each subscription names its tenant, or throws a ProblemError. */
export function serveEventSocket(server: Server, runtime: Runtime, admit: Admit): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: REQUEST_BYTES_MAX, perMessageDeflate: false })
  server.on('upgrade', (request, socket: Duplex, head) => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== SOCKET_PATH) {
      return refuse(socket, new ProblemError('route_not_found'))
    }
    admit(request).then(
      (who) => sockets.handleUpgrade(request, socket, head, (opened) => serve(opened, runtime, who)),
      (error: unknown) => refuse(socket, error),
    )
  })
}

function refuse(socket: Duplex, error: unknown): void {
  const problem = error instanceof ProblemError ? error : new ProblemError('unauthenticated')
  const body = JSON.stringify(problem.toProblem())
  const head = `HTTP/1.1 ${problem.status} Refused\r\ncontent-type: application/problem+json\r\nconnection: close`
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}

function serve(socket: WebSocket, runtime: Runtime, who: Principal | null): void {
  const subscriptions = new Map<SessionId, AbortController>()
  const send = (message: SocketMessage) => socket.send(JSON.stringify(message))
  const stopAll = () => {
    for (const subscription of subscriptions.values()) subscription.abort()
  }
  const stopPings = keepAlive(runtime, socket)
  const onStopping = () => socket.close(GOING_AWAY, 'stopping')
  runtime.stopping.addEventListener('abort', onStopping, { once: true })
  socket.on('close', () => {
    runtime.stopping.removeEventListener('abort', onStopping)
    stopPings()
    stopAll()
  })
  socket.on('error', (error) => runtime.log.info({ error: error.message }, 'an event socket failed'))
  socket.on('message', (data, isBinary) => {
    try {
      const request = parseRequest(isBinary ? '' : (data as Buffer).toString())
      if (request.type === 'unsubscribe') subscriptions.get(request.session_id)?.abort()
      else subscribe(request)
    } catch (error) {
      const { code, message } = error instanceof ProblemError ? error : new ProblemError('body_invalid', String(error))
      send({ type: 'error', code, detail: message })
    }
  })

  const subscribe = (request: Extract<SocketRequest, { type: 'subscribe' }>) => {
    const { session_id } = request
    subscriptions.get(session_id)?.abort()
    if (subscriptions.size >= SUBSCRIPTIONS_MAX) {
      throw new ProblemError('rate_limited', `One socket follows at most ${SUBSCRIPTIONS_MAX} sessions.`)
    }
    const subscription = new AbortController()
    subscriptions.set(session_id, subscription)
    follow(socket, runtime, who, request, subscription.signal)
      .catch((error: unknown) => {
        const { code, message } = error instanceof ProblemError ? error : new ProblemError('outcome_unknown')
        send({ type: 'error', session_id, code, detail: message })
      })
      .finally(() => {
        if (subscriptions.get(session_id) === subscription) subscriptions.delete(session_id)
      })
  }
}

/** One subscription: reads, sends, waits, until it is ended, the socket closes, or the log does. */
async function follow(
  socket: WebSocket,
  runtime: Runtime,
  who: Principal | null,
  request: Extract<SocketRequest, { type: 'subscribe' }>,
  signal: AbortSignal,
): Promise<void> {
  const { session_id } = request
  const tenant = who?.tenant ?? request.tenant_id
  if (tenant === undefined) throw new ProblemError('tenant_required')
  const foreign = who && request.tenant_id !== undefined && request.tenant_id !== who.tenant
  if (foreign || !(await runtime.store.getSession(tenant, session_id))) throw new ProblemError('session_not_found')
  const offset = parseOffset(request.offset ?? '-1')
  if (offset === null) throw new ProblemError('offset_invalid')
  let after = offset === 'now' ? await runtime.streams.head(session_id) : offset
  while (!signal.aborted) {
    const batch = await runtime.streams.read(session_id, after)
    let seq = batch.next - batch.events.length
    for (const event of batch.events) {
      socket.send(`{"type":"event","session_id":"${session_id}","offset":"${offsetOf(++seq)}","event":${event}}`)
    }
    after = batch.next
    const at = { session_id, offset: offsetOf(after) }
    if (batch.closed) return socket.send(JSON.stringify({ type: 'closed', ...at }))
    if (batch.upToDate) {
      socket.send(JSON.stringify({ type: 'caught_up', ...at }))
      await runtime.streams.wait(session_id, after, signal)
    }
    await untilSent(socket, runtime, signal)
  }
}

/** Waits while the socket has much unsent. @returns when it has little, or was closed for having stalled */
async function untilSent(socket: WebSocket, { clock }: Runtime, signal: AbortSignal): Promise<void> {
  const begun = clock.now()
  while (socket.bufferedAmount > UNSENT_BYTES_PAUSE && !signal.aborted) {
    if (socket.bufferedAmount > UNSENT_BYTES_MAX || clock.now() - begun > STALL_MS) {
      socket.close(TRY_AGAIN_LATER, 'the reader is behind')
      return
    }
    await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve))
  }
}

function parseRequest(text: string): SocketRequest {
  const parsed = SocketRequest.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new ProblemError('body_invalid', parsed.error.issues[0]?.message)
}

/** Pings, and ends a socket that did not answer the last one. */
function keepAlive({ clock }: Runtime, socket: WebSocket): () => void {
  let alive = true
  let cancel = () => {}
  socket.on('pong', () => (alive = true))
  const schedule = () => {
    cancel = clock.after(PING_EVERY_MS, () => {
      if (!alive) return socket.terminate()
      alive = false
      socket.ping()
      schedule()
    })
  }
  schedule()
  return () => cancel()
}

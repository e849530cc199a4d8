// Many logs on one WebSocket (docs/protocol.md §6): what its reader asks, in the order it asks it.

import { CLOSED_UNAUTHENTICATED, ProblemError, SocketRequest, parseJson, streamNameOf, timeOf } from '@biplane/protocol'
import type { SocketMessage, StreamOf } from '@biplane/protocol'
import type { WebSocket } from 'ws'

import type { Runtime } from '../runtime-parts.ts'
import type { Principal } from './principal.ts'
import { SocketIdentity } from './socket-identity.ts'
import { type SocketParts, type Subscribe, followStream } from './socket-stream.ts'

const SUBSCRIPTIONS_MAX = 10_000
/** What its streams leave unsent, and one large event: more is of answers to messages, sent by who reads none. */
const UNSENT_BYTES_MAX = 1024 * 1024 + 512 * 1024
/** Messages that cannot be read or are refused: each costs more to answer than to send. */
const MISTAKES_MAX = 100
const PING_EVERY_MS = 30_000
const GOING_AWAY = 1001
const AGAINST_THE_RULES = 1008

/** `who`: by the upgrade; null if it did not say. */
export function serveReader(socket: WebSocket, runtime: Runtime, who: Principal | null): void {
  const reader = new SocketReader(socket, runtime, who)
  const stopPings = keepAlive(runtime, socket)
  const onStopping = () => socket.close(GOING_AWAY, 'stopping')
  let turn = Promise.resolve()
  runtime.stopping.addEventListener('abort', onStopping, { once: true })
  socket.on('error', (error) => runtime.log.info({ error: error.message }, 'an event socket failed'))
  socket.on('message', (data, isBinary) => {
    // Each is answered, also if nobody reads the answers.
    if (socket.bufferedAmount > UNSENT_BYTES_MAX) return socket.terminate()
    const text = isBinary ? '' : (data as Buffer).toString()
    turn = turn.then(() => reader.take(text))
  })
  socket.on('close', () => {
    runtime.stopping.removeEventListener('abort', onStopping)
    stopPings()
    reader.close()
  })
}

class SocketReader {
  readonly #socket: WebSocket
  readonly #identity: SocketIdentity
  readonly #parts: SocketParts
  readonly #subscriptions = new Map<string, AbortController>()
  #mistakes = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(socket: WebSocket, runtime: Runtime, who: Principal | null) {
    this.#socket = socket
    this.#identity = new SocketIdentity(runtime, who, {
      lapsed: () => this.#tell(new ProblemError('unauthenticated', 'The token has expired: send authenticate.')),
      gaveUp: () => socket.close(CLOSED_UNAUTHENTICATED, 'no token that holds'),
    })
    this.#parts = { socket, runtime, identity: this.#identity, inTurn: (task) => this.#inTurn(task) }
  }

  /** Resolves when the next message may be looked at. */
  async take(text: string): Promise<void> {
    if (this.#mistakes >= MISTAKES_MAX) return
    try {
      const request = parseRequest(text)
      if (request.type === 'authenticate') await this.#authenticate(request.token)
      else if (request.type === 'ping') this.#send({ type: 'pong' })
      else if (request.type === 'unsubscribe') this.#subscriptions.get(streamNameOf(request) ?? '')?.abort()
      else this.#subscribe(request)
    } catch (error) {
      this.#tell(error)
      this.#countMistake()
    }
  }

  close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.abort()
    this.#identity.close()
  }

  /** Nothing more is read meanwhile, so that what comes behind a token is asked with it. */
  async #authenticate(token: string): Promise<void> {
    this.#socket.pause()
    try {
      const known = await this.#identity.authenticate(token)
      this.#send({ type: 'authenticated', ...(known?.expires_ms && { expires_at: timeOf(known.expires_ms) }) })
    } catch (error) {
      this.#tell(error)
      const mayTryAgain = error instanceof ProblemError && error.code === 'keys_unavailable'
      if (this.#identity.isUnknown && !mayTryAgain) {
        this.#socket.close(CLOSED_UNAUTHENTICATED, 'the token does not hold')
      }
      this.#countMistake()
    } finally {
      this.#socket.resume()
    }
  }

  #subscribe(request: Subscribe): void {
    const name = streamNameOf(request)
    if (name === undefined)
      throw new ProblemError('body_invalid', 'Without session_id it is all of a tenant: name its stream.')
    const subscriptions = this.#subscriptions
    subscriptions.get(name)?.abort()
    if (subscriptions.size >= SUBSCRIPTIONS_MAX && !subscriptions.has(name)) {
      const detail = `One socket follows at most ${SUBSCRIPTIONS_MAX} streams.`
      this.#tell(new ProblemError('rate_limited', detail), request)
      return this.#countMistake()
    }
    const subscription = new AbortController()
    subscriptions.set(name, subscription)
    followStream(this.#parts, request, subscription)
      .catch((error: unknown) => this.#tell(error, request))
      .finally(() => {
        if (subscriptions.get(name) === subscription) subscriptions.delete(name)
      })
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(task)
    this.#turn = done.catch(() => {})
    return done
  }

  #countMistake(): void {
    if (++this.#mistakes === MISTAKES_MAX) this.#socket.close(AGAINST_THE_RULES, 'too many messages that are none')
  }

  #tell(error: unknown, { stream, session_id }: StreamOf = {}): void {
    const problem = (error instanceof ProblemError ? error : new ProblemError('outcome_unknown')).toProblem()
    const { code, detail, earliest_offset } = problem
    const of = { ...(stream !== undefined && { stream }), ...(session_id !== undefined && { session_id }) }
    this.#send({ type: 'error', ...of, code, detail, ...(earliest_offset !== undefined && { earliest_offset }) })
  }

  #send(message: SocketMessage): void {
    this.#socket.send(JSON.stringify(message))
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

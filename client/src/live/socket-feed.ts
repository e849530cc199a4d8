// Many logs on one WebSocket. When it is lost another one is opened, and each log goes on behind the last event that its listener has.

import { offsetOf } from '@biplane/protocol'

import type { Access } from '../access.ts'
import { type Backoff, backoffMs } from '../backoff.ts'
import { placeOf } from '../place.ts'
import type { Surroundings } from '../surroundings.ts'
import type { Feed, Listener, Told } from './feed.ts'
import type { Said } from './said.ts'
import { SocketLine } from './socket-line.ts'

const RECONNECT: Backoff = { baseMs: 200, maxMs: 10_000 }
/** For a page that is seen again, to find out whether its line is alive. */
const PROBE_MS_MAX = 5_000
/** So many sockets that never opened, and sockets are not to be had here. */
const UNOPENED_MAX = 2

export class SocketFeed implements Feed {
  readonly #access: Access
  readonly #surroundings: Surroundings
  readonly #open: NonNullable<Surroundings['openSocket']>
  readonly #onHopeless: () => void
  readonly #joined = new Map<string, Listener>()
  #line: SocketLine | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #hasOpened = false

  /** `onHopeless`: no socket can be opened, although there is a server, since logs were read before anybody joined. */
  constructor(
    access: Access,
    surroundings: Surroundings,
    open: NonNullable<Surroundings['openSocket']>,
    onHopeless: () => void,
  ) {
    this.#access = access
    this.#surroundings = surroundings
    this.#open = open
    this.#onHopeless = onHopeless
  }

  join(sessionId: string, listener: Listener): () => void {
    this.#joined.set(sessionId, listener)
    if (this.#line !== null) this.#subscribe(sessionId)
    else if (this.#retry === undefined) this.#connect()
    return () => {
      if (this.#joined.get(sessionId) !== listener) return
      this.#joined.delete(sessionId)
      this.#line?.send({ type: 'unsubscribe', session_id: sessionId })
    }
  }

  wake(change: Parameters<Feed['wake']>[0]): void {
    if (this.#line !== null && change !== 'woke') return this.#line.probe(PROBE_MS_MAX)
    this.#line?.drop('The machine has slept.')
    if (this.#joined.size > 0) this.#connect()
  }

  close(): void {
    this.#joined.clear()
    this.#line?.drop('It is needed no longer.')
    clearTimeout(this.#retry)
  }

  #connect(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#line = new SocketLine(this.#access, this.#surroundings, this.#open, {
      ready: () => this.#ready(),
      said: (message) => this.#said(message),
      lost: (reason, isRefused) => this.#lost(reason, isRefused),
      ask: () => this.#ask(),
    })
  }

  #ready(): void {
    this.#hasOpened = true
    for (const sessionId of this.#joined.keys()) this.#subscribe(sessionId)
  }

  #subscribe(sessionId: string): void {
    const place = this.#joined.get(sessionId)?.place() ?? 0
    const { tenantId } = this.#access
    const tenant = tenantId === undefined ? {} : { tenant_id: tenantId }
    this.#line?.send({ type: 'subscribe', session_id: sessionId, ...tenant, offset: offsetOf(place) })
  }

  /** Who subscribes again is told where the log ends, at both planes. */
  #ask(): void {
    const [first] = this.#joined.keys()
    if (first !== undefined) this.#subscribe(first)
  }

  #said(message: Said): void {
    if (message.type !== 'error') this.#failures = 0
    const sessionId = message.session_id ?? ''
    const listener = this.#joined.get(sessionId)
    const told = toldBy(message)
    if (told.type === 'refused' || told.type === 'closed') this.#joined.delete(sessionId)
    listener?.hear(told)
  }

  #lost(reason: string, isRefused: boolean): void {
    this.#line = null
    if (isRefused) return this.#refuseAll()
    if (this.#joined.size === 0) return
    const delayMs = backoffMs(++this.#failures, RECONNECT)
    this.#retry = setTimeout(() => this.#connect(), delayMs)
    const retryAt = this.#surroundings.now() + delayMs
    for (const listener of this.#joined.values()) listener.hear({ type: 'down', retryAt, reason })
    if (!this.#hasOpened && this.#failures >= UNOPENED_MAX) this.#onHopeless()
  }

  /** Each reader finds out by its own request whether it may still read, and comes back then. */
  #refuseAll(): void {
    const listeners = [...this.#joined.values()]
    this.#joined.clear()
    for (const listener of listeners) listener.hear({ type: 'refused' })
  }
}

function toldBy({ type, event, offset = '-1' }: Said): Told {
  if (type === 'event' && event !== undefined) return { type, event }
  return type === 'caught_up' || type === 'closed' ? { type, place: placeOf(offset) } : { type: 'refused' }
}

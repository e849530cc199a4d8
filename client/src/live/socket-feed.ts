// Many logs on one WebSocket. When it is lost another one is opened, and each log goes on behind what its listener was told.

import { offsetOf } from '@biplane/protocol'

import type { Access } from '../access.ts'
import { type Backoff, backoffMs } from '../backoff.ts'
import type { Log } from '../log.ts'
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

interface Joined {
  log: Log
  listener: Listener
  /** The place up to which it was told. */
  told: number
}

export class SocketFeed implements Feed {
  readonly #access: Access
  readonly #surroundings: Surroundings
  readonly #open: NonNullable<Surroundings['openSocket']>
  readonly #onHopeless: () => void
  /** By the name that the stream has here: it is new each time, so that nothing late is taken for another's. */
  readonly #joined = new Map<string, Joined>()
  #given = 0
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

  join(log: string, listener: Listener): () => void {
    const stream = String(++this.#given)
    const one = { log: JSON.parse(log) as Log, listener, told: 0 }
    this.#joined.set(stream, one)
    if (this.#line !== null) this.#subscribe(stream, one)
    else if (this.#retry === undefined) this.#connect()
    return () => {
      if (this.#joined.delete(stream)) this.#line?.send({ type: 'unsubscribe', stream })
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
    for (const [stream, one] of this.#joined) this.#subscribe(stream, one)
  }

  #subscribe(stream: string, one: Joined): void {
    one.told = one.listener.place()
    const { tenantId: tenant_id } = this.#access
    this.#line?.send({ type: 'subscribe', stream, ...one.log, tenant_id, offset: offsetOf(one.told) })
  }

  /** Who subscribes again is told where the log ends, at both planes. */
  #ask(): void {
    const [first] = this.#joined
    if (first !== undefined) this.#subscribe(...first)
  }

  #said(message: Said): void {
    if (message.type !== 'error') this.#failures = 0
    const { stream = '' } = message
    const one = this.#joined.get(stream)
    if (one === undefined) return
    const told = toldBy(message, one.told)
    if ('after' in told) one.told = Math.max(told.after, told.place)
    else this.#joined.delete(stream)
    one.listener.hear(told)
  }

  #lost(reason: string, isRefused: boolean): void {
    this.#line = null
    if (isRefused) return this.#refuseAll()
    if (this.#joined.size === 0) return
    const delayMs = backoffMs(++this.#failures, RECONNECT)
    this.#retry = setTimeout(() => this.#connect(), delayMs)
    const retryAt = this.#surroundings.now() + delayMs
    for (const { listener } of this.#joined.values()) listener.hear({ type: 'down', retryAt, reason })
    if (!this.#hasOpened && this.#failures >= UNOPENED_MAX) this.#onHopeless()
  }

  /** Each reader finds out by its own request whether it may still read, and comes back then. */
  #refuseAll(): void {
    const all = [...this.#joined.values()]
    this.#joined.clear()
    for (const { listener } of all) listener.hear({ type: 'refused' })
  }
}

function toldBy({ type, event, offset = '-1' }: Said, after: number): Told {
  const place = placeOf(offset)
  if (type === 'event' && event !== undefined) return { type, event, after, place }
  if (type === 'caught_up') return { type, after, place }
  return type === 'closed' ? { type, place } : { type: 'refused' }
}

// The one connection on which the runtime tells this gateway what happens, however many watch: its WebSocket (docs/protocol.md §6),
// with a subscription for each log that is watched, in the name of its tenant. It is opened when the first is, and again after
// whatever broke it; each subscription then goes on behind what it was told last.

import { type Backoff, backoffMs } from '@biplane/client'
import { SUBPROTOCOL, type SocketMessage, parseOffset } from '@biplane/protocol'
import { WebSocket } from 'ws'

import type { Log } from '../kit/log.ts'
import type { Source } from './source.ts'

/** What is subscribed to, and hears of it. */
export interface Subscription {
  readonly source: Source
  /** With what it is read. */
  token(): Promise<string | undefined>
  /** Where to go on: an offset, or `now`. */
  from(): string
  event(place: number, json: string): void
  /** There is nothing behind this place for now. */
  caughtUp(place: number): void
  /** The log has ended at this place. */
  closed(place: number): void
  /** It is not told of any more, and has to be subscribed to anew. */
  failed(): void
}

/** Waits between attempts to reach the runtime. */
const AWAY: Backoff = { baseMs: 100, maxMs: 5_000 }
/** The runtime pings every 30 s; silent for longer, it is gone, though the connection has not noticed. */
const SILENCE_MS = 75_000
/** Of one message: an event is far smaller. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024
const OPENING_MS_MAX = 10_000

export class Link {
  /** Of the runtime's socket. */
  readonly #address: string
  readonly #log: Pick<Log, 'info'>
  /** By the name that the stream has on the socket: it is new each time, so that nothing late is taken for another's. */
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #names = new Map<Subscription, string>()
  /** Those that have shown a fresh token since they were told something. */
  readonly #renewed = new Set<string>()
  #given = 0
  #socket: WebSocket | null = null
  /** In whose name it was opened. */
  #opener: Subscription | null = null
  #isRenewing = false
  /** From the first subscription on, whether or not the runtime is there. */
  #isWanted = false
  #failures = 0
  #again: NodeJS.Timeout | undefined
  #silence: NodeJS.Timeout | undefined

  constructor(address: string, log: Pick<Log, 'info'>) {
    this.#address = address
    this.#log = log
  }

  subscribe(subscription: Subscription): void {
    const name = String(++this.#given)
    this.#subscriptions.set(name, subscription)
    this.#names.set(subscription, name)
    if (this.#isWanted) return void this.#ask(name, subscription)
    this.#isWanted = true
    void this.#open()
  }

  unsubscribe(subscription: Subscription): void {
    const name = this.#names.get(subscription)
    if (name !== undefined) {
      this.#forget(name, subscription)
      this.#say({ type: 'unsubscribe', stream: name })
    }
    if (this.#subscriptions.size === 0) this.#hangUp()
  }

  close(): void {
    this.#subscriptions.clear()
    this.#names.clear()
    this.#hangUp()
  }

  #forget(name: string, subscription: Subscription): void {
    this.#subscriptions.delete(name)
    this.#names.delete(subscription)
    this.#renewed.delete(name)
  }

  async #open(): Promise<void> {
    try {
      // If what one of those that are subscribed shows is refused, the next is shown.
      const all = [...this.#subscriptions.values()]
      this.#opener = all[this.#failures % all.length] ?? null
      const token = await this.#opener?.token()
      if (this.#isWanted) this.#listen(this.#connect(token))
    } catch (error) {
      this.#lost(error)
    }
  }

  #connect(token: string | undefined): WebSocket {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return new WebSocket(this.#address, SUBPROTOCOL, {
      headers,
      perMessageDeflate: false,
      handshakeTimeout: OPENING_MS_MAX,
      maxPayload: MESSAGE_BYTES_MAX,
    })
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket
    this.#isRenewing = false
    let reason: unknown = 'the runtime closed it'
    socket.on('open', () => {
      this.#hearsSomething()
      for (const [name, subscription] of this.#subscriptions) void this.#ask(name, subscription)
    })
    socket.on('ping', () => this.#hearsSomething())
    socket.on('message', (data: Buffer) => {
      this.#hearsSomething()
      if (this.#socket === socket) this.#hear(data.toString())
    })
    socket.on('error', (error) => (reason = error))
    socket.on('close', () => {
      if (this.#socket !== socket) return
      this.#socket = null
      this.#lost(reason)
    })
  }

  #lost(reason: unknown): void {
    clearTimeout(this.#silence)
    if (!this.#isWanted) return
    if (this.#failures === 0) this.#log.info({ reason: String(reason) }, 'the events of the runtime broke off')
    this.#again = setTimeout(() => void this.#open(), backoffMs(++this.#failures, AWAY))
  }

  #hangUp(): void {
    this.#isWanted = false
    clearTimeout(this.#again)
    clearTimeout(this.#silence)
    const socket = this.#socket
    this.#socket = null
    socket?.terminate()
  }

  #hearsSomething(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#socket?.terminate(), SILENCE_MS).unref()
  }

  async #ask(name: string, subscription: Subscription): Promise<void> {
    const socket = this.#socket
    if (socket?.readyState !== WebSocket.OPEN) return
    try {
      const token = await subscription.token()
      if (this.#socket !== socket || this.#subscriptions.get(name) !== subscription) return
      const { sessionId: session_id, tenantId: tenant_id, filter } = subscription.source
      this.#say({ type: 'subscribe', stream: name, session_id, tenant_id, filter, token, offset: subscription.from() })
    } catch {
      // Without a token it cannot be read in the gateway's name; its readers find out with their own why not.
      this.#fail(name, subscription)
    }
  }

  #fail(name: string, subscription: Subscription): void {
    if (this.#subscriptions.get(name) !== subscription) return
    this.#forget(name, subscription)
    subscription.failed()
  }

  #say(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  #hear(text: string): void {
    const message = JSON.parse(text) as SocketMessage
    this.#failures = 0
    if (message.type === 'authenticated') this.#isRenewing = false
    if (message.type === 'authenticated' || message.type === 'pong') return
    const { stream: name } = message
    if (name === undefined) return message.type === 'error' ? void this.#refused(message.code) : undefined
    const subscription = this.#subscriptions.get(name)
    if (subscription === undefined) return
    if (message.type === 'error') return this.#broke(name, subscription, message.code)
    this.#renewed.delete(name)
    const place = parseOffset(message.offset) as number
    if (message.type === 'event') return subscription.event(place, JSON.stringify(message.event))
    if (message.type === 'caught_up') return subscription.caughtUp(place)
    this.#forget(name, subscription)
    subscription.closed(place)
  }

  /** When its token has expired a stream goes on where it is with a fresh one. */
  #broke(name: string, subscription: Subscription, code: string): void {
    if (code !== 'unauthenticated' || this.#renewed.has(name)) return this.#fail(name, subscription)
    this.#renewed.add(name)
    void this.#ask(name, subscription)
  }

  /** What the socket was opened with has expired: what is followed goes on where it is with a fresh one, of the same. */
  async #refused(code: string): Promise<void> {
    const socket = this.#socket
    if (code !== 'unauthenticated' || socket === null) return
    const token = this.#isRenewing ? undefined : await this.#opener?.token().catch(() => undefined)
    if (token === undefined) return socket.terminate()
    if (this.#socket !== socket) return
    this.#isRenewing = true
    this.#say({ type: 'authenticate', token })
  }
}

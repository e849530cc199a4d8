// The one connection on which the runtime tells this gateway what happens, however many watch: its WebSocket (docs/protocol.md §6),
// with a subscription for each session that is watched. It is opened when the first is, and again after whatever broke it; each
// subscription then goes on behind what it was told last.

import { type Backoff, backoffMs } from '@biplane/client'
import { type SessionId, type SocketMessage, type TenantId, parseOffset } from '@biplane/protocol'
import { WebSocket } from 'ws'

import type { Log } from '../kit/log.ts'

/** What is subscribed to, and hears of it. */
export interface Subscription {
  readonly sessionId: SessionId
  readonly tenantId: TenantId | undefined
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

export interface LinkOptions {
  /** Of the runtime's socket. */
  address: string
  token(): Promise<string | undefined>
  log: Pick<Log, 'info'>
}

/** Waits between attempts to reach the runtime. */
const AWAY: Backoff = { baseMs: 100, maxMs: 5_000 }
/** The runtime pings every 30 s; silent for longer, it is gone, though the connection has not noticed. */
const SILENCE_MS = 75_000
/** Of one message: an event is far smaller. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024
const OPENING_MS_MAX = 10_000

export class Link {
  readonly #options: LinkOptions
  readonly #subscriptions = new Map<SessionId, Subscription>()
  #socket: WebSocket | null = null
  /** From the first subscription on, whether or not the runtime is there. */
  #isWanted = false
  #failures = 0
  #again: NodeJS.Timeout | undefined
  #silence: NodeJS.Timeout | undefined

  constructor(options: LinkOptions) {
    this.#options = options
  }

  subscribe(subscription: Subscription): void {
    this.#subscriptions.set(subscription.sessionId, subscription)
    if (this.#isWanted) return this.#ask(subscription)
    this.#isWanted = true
    void this.#open()
  }

  unsubscribe(sessionId: SessionId): void {
    if (!this.#subscriptions.delete(sessionId)) return
    this.#say({ type: 'unsubscribe', session_id: sessionId })
    if (this.#subscriptions.size === 0) this.#hangUp()
  }

  close(): void {
    this.#subscriptions.clear()
    this.#hangUp()
  }

  async #open(): Promise<void> {
    try {
      const token = await this.#options.token()
      if (this.#isWanted) this.#listen(this.#connect(token))
    } catch (error) {
      this.#lost(error)
    }
  }

  #connect(token: string | undefined): WebSocket {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return new WebSocket(this.#options.address, {
      headers,
      perMessageDeflate: false,
      handshakeTimeout: OPENING_MS_MAX,
      maxPayload: MESSAGE_BYTES_MAX,
    })
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket
    let reason: unknown = 'the runtime closed it'
    socket.on('open', () => {
      this.#hearsSomething()
      for (const subscription of this.#subscriptions.values()) this.#ask(subscription)
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
    if (this.#failures === 0) this.#options.log.info({ reason: String(reason) }, 'the events of the runtime broke off')
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

  #ask({ sessionId, tenantId, from }: Subscription): void {
    const tenant = tenantId === undefined ? {} : { tenant_id: tenantId }
    this.#say({ type: 'subscribe', session_id: sessionId, ...tenant, offset: from() })
  }

  #say(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  #hear(text: string): void {
    const message = JSON.parse(text) as SocketMessage
    this.#failures = 0
    if (message.type === 'authenticated') return
    if (message.type === 'error' && message.session_id === undefined) return void this.#refused(message.code)
    const subscription = this.#subscriptions.get(message.session_id!)
    if (subscription === undefined) return
    if (message.type === 'error') {
      this.#subscriptions.delete(subscription.sessionId)
      return subscription.failed()
    }
    const place = parseOffset(message.offset) as number
    if (message.type === 'event') subscription.event(place, JSON.stringify(message.event))
    else if (message.type === 'caught_up') subscription.caughtUp(place)
    else {
      this.#subscriptions.delete(subscription.sessionId)
      subscription.closed(place)
    }
  }

  /** The token has expired: what is followed goes on where it is with a fresh one. */
  async #refused(code: string): Promise<void> {
    const socket = this.#socket
    if (code !== 'unauthenticated' || socket === null) return
    const token = await this.#options.token().catch(() => undefined)
    if (token === undefined) return socket.terminate()
    if (this.#socket === socket) this.#say({ type: 'authenticate', token })
  }
}

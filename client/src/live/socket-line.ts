// One open WebSocket, of a gateway or a runtime (docs/protocol.md §6, §10): who asks is shown on it and renewed in place, and it is
// found out when nobody answers any more.
//
//   opened ──no token──────────────────────────────▶ ready ──token near its end: authenticate──▶ ready
//      ╰──authenticate──▶ shown ──authenticated──────▶╯ ╰──silent──▶ asked ──silent──▶ lost

import type { Access } from '../access.ts'
import { backoffMs } from '../backoff.ts'
import type { OpenSocket, Surroundings } from '../surroundings.ts'
import { type Said, isSaid } from './said.ts'

export interface LineEars {
  ready(): void
  said(message: Said): void
  /** Once, and nothing after it. `isRefused`: what was shown does not hold. */
  lost(reason: string, isRefused: boolean): void
  /** Says something that the other side answers. */
  ask(): void
}

const OPEN_MS_MAX = 15_000
const LOOK_EVERY_MS = 15_000
/** Silent for longer, it is asked; silent at the next look too, it is lost. */
const QUIET_MS_MAX = 25_000
/** A token is renewed when so much of its time is over. */
const RENEW_AT = 0.75
const RENEW_AGAIN = { baseMs: 500, maxMs: 10_000 }
/** Longer waits do not fit a timer. */
const TIMER_MS_MAX = 2 ** 31 - 1

type Timer = ReturnType<typeof setTimeout>

export class SocketLine {
  readonly #access: Access
  readonly #surroundings: Surroundings
  readonly #ears: LineEars
  readonly #socket: OpenSocket
  readonly #looks: Timer
  #state: 'opening' | 'ready' | 'lost' = 'opening'
  #isAsked = false
  /** The token has ended, and a fresh one was sent. */
  #isLapsed = false
  #heardAt: number
  #patience: Timer
  #renewal: Timer | undefined

  constructor(
    access: Access,
    surroundings: Surroundings,
    open: NonNullable<Surroundings['openSocket']>,
    ears: LineEars,
  ) {
    this.#access = access
    this.#surroundings = surroundings
    this.#ears = ears
    this.#heardAt = surroundings.now()
    this.#patience = setTimeout(() => this.drop('It did not open.'), OPEN_MS_MAX)
    this.#looks = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#socket = open(access.url, {
      opened: () => void this.#show(0),
      said: (text) => this.#take(text),
      closed: (code) => this.#lose(`The socket was closed with ${code}.`, false),
    })
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  send(message: object): void {
    if (this.isReady) this.#socket.send(JSON.stringify(message))
  }

  /** Asks for a sign of life, and is lost if none comes in time. */
  probe(patienceMs: number): void {
    if (!this.isReady) return
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => this.drop('Nobody answers.'), patienceMs)
    this.#ears.ask()
  }

  drop(reason: string, isRefused = false): void {
    this.#lose(reason, isRefused)
    this.#socket.close()
  }

  #lose(reason: string, isRefused: boolean): void {
    if (this.#state === 'lost') return
    this.#state = 'lost'
    clearInterval(this.#looks)
    clearTimeout(this.#renewal)
    clearTimeout(this.#patience)
    this.#ears.lost(reason, isRefused)
  }

  /** A source of tokens that fails is asked again, as long as the socket lasts. */
  async #show(failures: number): Promise<void> {
    try {
      const token = await this.#access.token()
      if (this.#state === 'lost') return
      if (token === undefined) return this.#begin()
      this.#socket.send(JSON.stringify({ type: 'authenticate', token }))
    } catch (error) {
      if (!this.isReady) return this.drop(String(error))
      const delayMs = backoffMs(failures + 1, RENEW_AGAIN)
      this.#renewal = setTimeout(() => void this.#show(failures + 1), delayMs)
    }
  }

  #begin(): void {
    if (this.#state !== 'opening') return
    clearTimeout(this.#patience)
    this.#state = 'ready'
    this.#ears.ready()
  }

  #take(text: string): void {
    if (this.#state === 'lost') return
    this.#heardAt = this.#surroundings.now()
    this.#isAsked = false
    if (this.isReady) clearTimeout(this.#patience)
    const message: unknown = JSON.parse(text)
    if (!isSaid(message)) return
    if (message.type === 'authenticated') this.#known(message.expires_at)
    else if (message.type !== 'error' || message.stream !== undefined) this.#ears.said(message)
    else this.#fail(message)
  }

  #known(expires_at: string | undefined): void {
    this.#isLapsed = false
    this.#begin()
    clearTimeout(this.#renewal)
    if (expires_at === undefined) return
    const leftMs = Math.max(0, Date.parse(expires_at) - this.#surroundings.now())
    this.#renewal = setTimeout(() => void this.#show(0), Math.min(leftMs * RENEW_AT, TIMER_MS_MAX))
  }

  /** What was shown has ended: a fresh token takes its place, once. Whatever else is wrong with a line, another one may do better. */
  #fail({ code, detail = 'It was refused.' }: Said): void {
    const isRefused = code === 'unauthenticated'
    if (!isRefused || !this.isReady || this.#isLapsed) return this.drop(detail, isRefused)
    this.#isLapsed = true
    clearTimeout(this.#renewal)
    void this.#show(0)
  }

  #look(): void {
    if (!this.isReady || this.#surroundings.now() - this.#heardAt < QUIET_MS_MAX) return
    if (this.#isAsked) return this.drop('Nobody answers.')
    this.#isAsked = true
    this.#ears.ask()
  }
}

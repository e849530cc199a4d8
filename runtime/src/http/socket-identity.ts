// Who reads on a socket. A socket outlives its token: when that expires nothing more is sent until a fresh one comes, and if none
// comes the socket is closed.
//
//   unknown ──authenticate──▶ known ──token expires──▶ lapsed ──authenticate──▶ known
//      ╰───────────────── no token in time ─────────────╰──▶ closed

import { ProblemError } from '@biplane/protocol'

import type { Runtime } from '../runtime-parts.ts'
import { requireRoom } from './access.ts'
import { type Principal, msLeft, requireScope } from './principal.ts'

interface Told {
  /** The token has expired. */
  lapsed(): void
  /** No token came in time. */
  gaveUp(): void
}

export class SocketIdentity {
  readonly #runtime: Runtime
  readonly #told: Told
  /** Null while unknown. */
  #who: Principal | null = null
  /** Closed while nothing may be sent. */
  #gate: PromiseWithResolvers<void> | null = Promise.withResolvers()
  #cancel = () => {}
  #isClosed = false

  constructor(runtime: Runtime, who: Principal | null, told: Told) {
    this.#runtime = runtime
    this.#told = told
    if (!runtime.verify) this.#open()
    else if (who) this.#know(who)
    else this.#waitForToken()
  }

  /** Who may be told something now; null where there are no tokens. @throws ProblemError unauthenticated */
  get now(): Principal | null {
    if (this.#gate) throw new ProblemError('unauthenticated', 'No token of this socket holds: send authenticate.')
    return this.#who
  }

  get isUnknown(): boolean {
    return this.#runtime.verify !== null && this.#who === null
  }

  /** Resolves when something may be sent, or the socket is closed. */
  async mayBeTold(): Promise<void> {
    while (this.#gate) await this.#gate.promise
  }

  /** Null where tokens mean nothing. @throws ProblemError unauthenticated, keys_unavailable, forbidden, overloaded */
  async authenticate(token: string): Promise<Principal | null> {
    if (!this.#runtime.verify) return null
    const who = await this.#runtime.verify(token)
    requireScope(who, 'event:read')
    if (this.#isClosed) throw new ProblemError('unauthenticated', 'The socket has closed meanwhile.')
    if (!this.#who) requireRoom(this.#runtime, who)
    else if (!isSame(this.#who, who)) {
      throw new ProblemError('forbidden', 'The token is of another tenant, subject or session: open a socket for it.')
    }
    this.#know(who)
    return who
  }

  close(): void {
    this.#isClosed = true
    if (this.#who) this.#runtime.serving.leave(this.#who.tenant)
    this.#cancel()
    this.#open()
  }

  #know(who: Principal): void {
    if (!this.#who) this.#runtime.serving.enter(who.tenant)
    this.#who = who
    this.#open()
    this.#cancel()
    const ms = msLeft(who, this.#runtime.clock.now())
    if (ms === Infinity) return
    this.#cancel = this.#runtime.clock.after(ms, () => {
      this.#gate = Promise.withResolvers()
      this.#told.lapsed()
      this.#waitForToken()
    })
  }

  #waitForToken(): void {
    const { clock, limits } = this.#runtime
    this.#cancel = clock.after(limits.server.authenticateMsMax, () => this.#told.gaveUp())
  }

  #open(): void {
    this.#gate?.resolve()
    this.#gate = null
  }
}

const isSame = (one: Principal, other: Principal): boolean =>
  one.tenant === other.tenant && one.subject === other.subject && one.session === other.session

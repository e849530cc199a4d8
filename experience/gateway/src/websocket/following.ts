// The logs that one socket follows (docs/protocol.md §6). Each is read at the pace of the socket, across whatever happens to the
// runtime, until it is closed, no longer wanted, or cannot be read.

import { ProblemError, type SessionId, offsetOf } from '@biplane/protocol'
import type * as z from 'zod'

import { pagesOf } from '../feed/page.ts'
import type { Part } from '../feed/part.ts'
import { Reader } from '../feed/reader.ts'
import type { Line } from './line.ts'
import type { Subscribe } from './messages.ts'
import type { Proof } from './proof.ts'

export class Following {
  readonly #line: Line
  readonly #proof: Proof
  readonly #followed = new Map<SessionId, Subscription>()

  constructor(line: Line, proof: Proof) {
    this.#line = line
    this.#proof = proof
    const wakeAll = () => this.#followed.forEach(({ reader }) => reader?.wake())
    line.outbox.onRoom(wakeAll)
    proof.onAgain(wakeAll)
  }

  /** Another one of the same session takes the place of the first. */
  subscribe(message: z.output<typeof Subscribe>): void {
    const { id, session_id } = message
    const { limits, fail } = this.#line
    const before = this.#followed.get(session_id)
    if (before !== undefined) end(before)
    else if (this.#followed.size >= limits.subscriptionsMax) {
      const detail = `One socket follows at most ${limits.subscriptionsMax} sessions.`
      return fail(new ProblemError('rate_limited', detail), { id, session_id })
    }
    const subscription: Subscription = { message, reader: null, ended: new AbortController() }
    this.#followed.set(session_id, subscription)
    this.#follow(subscription).catch((error: unknown) => {
      if (!subscription.ended.signal.aborted) this.#fail(subscription, error)
    })
  }

  unsubscribe(sessionId: SessionId): void {
    const subscription = this.#followed.get(sessionId)
    if (subscription !== undefined) end(subscription)
    this.#followed.delete(sessionId)
  }

  count(): number {
    return this.#followed.size
  }

  end(): void {
    this.#followed.forEach(end)
  }

  async #follow(subscription: Subscription): Promise<void> {
    const { kit, presence, outbox } = this.#line
    const { session_id: sessionId, tenant_id, offset = '-1' } = subscription.message
    const { signal } = subscription.ended
    const shown = await presence.callerOf(tenant_id)
    // A subscription outlives what was shown when it began.
    const caller = { ...shown, freshToken: async () => (await presence.callerOf(tenant_id)).freshToken() }
    const place = { caller, sessionId, offset }
    const reader = new Reader(kit.feed, place, pagesOf(kit, caller, sessionId, signal), {
      hasRoom: () => this.#proof.holds() && outbox.hasRoom(),
      take: (part) => this.#tell(subscription, part),
      fail: (error) => this.#fail(subscription, error),
    })
    const first = await reader.first()
    if (signal.aborted) return
    subscription.reader = reader
    reader.begin(first)
  }

  #tell(subscription: Subscription, part: Part): void {
    const { outbox } = this.#line
    for (const message of part.messages()) outbox.pass(message)
    const at = { session_id: subscription.message.session_id, offset: offsetOf(part.next) }
    if (part.closed) {
      outbox.post({ type: 'closed', ...at })
      this.#forget(subscription)
    } else if (part.upToDate) outbox.post({ type: 'caught_up', ...at })
  }

  #fail(subscription: Subscription, error: unknown): void {
    const { id, session_id } = subscription.message
    this.#line.fail(error, { id, session_id })
    this.#forget(subscription)
  }

  #forget(subscription: Subscription): void {
    const { session_id } = subscription.message
    if (this.#followed.get(session_id) === subscription) this.#followed.delete(session_id)
  }
}

interface Subscription {
  message: z.output<typeof Subscribe>
  /** Null until it has been found to be readable. */
  reader: Reader | null
  ended: AbortController
}

function end({ reader, ended }: Subscription): void {
  ended.abort()
  reader?.end()
}

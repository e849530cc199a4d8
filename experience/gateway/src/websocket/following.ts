// The logs that one socket follows (docs/protocol.md §6). Each is read at the pace of the socket, across whatever happens to the
// runtime, until it is closed, no longer wanted, or cannot be read.

import { ProblemError, type StreamOf, offsetOf, streamNameOf } from '@biplane/protocol'
import type * as z from 'zod'

import { pagesOf } from '../feed/page.ts'
import { type Part, headOf } from '../feed/part.ts'
import { Reader } from '../feed/reader.ts'
import type { Caller } from '../identity/caller.ts'
import { createBeats } from '../kit/beats.ts'
import type { Line } from './line.ts'
import type { Subscribe } from './messages.ts'
import type { Proof } from './proof.ts'

/** What a filter has passed over is told from time to time, when nothing else is. */
const tellPassed = createBeats(15_000)

export class Following {
  readonly #line: Line
  readonly #proof: Proof
  /** By name. */
  readonly #followed = new Map<string, Subscription>()

  constructor(line: Line, proof: Proof) {
    this.#line = line
    this.#proof = proof
    const wakeAll = () => this.#followed.forEach(({ reader }) => reader?.wake())
    line.outbox.onRoom(wakeAll)
    proof.onAgain(wakeAll)
  }

  /** Another one of the same name takes the place of the first. @throws ProblemError body_invalid, rate_limited */
  subscribe(message: z.output<typeof Subscribe>): void {
    const name = streamNameOf(message)
    const { subscriptionsMax } = this.#line.limits
    if (name === undefined) throw new ProblemError('body_invalid', NAMELESS)
    const before = this.#followed.get(name)
    if (before !== undefined) end(before)
    else if (this.#followed.size >= subscriptionsMax) {
      const tooMany = new ProblemError('rate_limited', `One socket follows at most ${subscriptionsMax} logs.`)
      return this.#line.fail(tooMany, { id: message.id, ...namesOf(message) })
    }
    const subscription: Subscription = { message, name, reader: null, ended: new AbortController(), quiet: () => {} }
    this.#followed.set(name, subscription)
    this.#follow(subscription).catch((error: unknown) => {
      if (!subscription.ended.signal.aborted) this.#fail(subscription, error)
    })
  }

  unsubscribe(of: StreamOf): void {
    const name = streamNameOf(of) ?? ''
    const subscription = this.#followed.get(name)
    if (subscription !== undefined) end(subscription)
    this.#followed.delete(name)
  }

  count(): number {
    return this.#followed.size
  }

  end(): void {
    this.#followed.forEach(end)
  }

  async #follow(subscription: Subscription): Promise<void> {
    const { kit, outbox } = this.#line
    const { message, ended } = subscription
    const { session_id: sessionId, filter, offset = '-1' } = message
    const caller = await this.#callerOf(message.tenant_id)
    const source = { tenantId: caller.tenantId, sessionId, filter }
    const reading = { caller, source, offset, isByEvent: true }
    const head = headOf(namesOf(message))
    const reader = new Reader(kit.feed, reading, pagesOf(kit, reading, ended.signal), {
      hasRoom: () => this.#proof.holds() && outbox.hasRoom(),
      take: (part) => this.#tell(subscription, head, part),
      fail: (error) => this.#fail(subscription, error),
    })
    const first = await reader.first()
    if (ended.signal.aborted) return
    subscription.reader = reader
    if (filter !== undefined) subscription.quiet = tellPassed(() => this.#tellPassed(subscription, reader))
    reader.begin(first)
  }

  /** A subscription outlives what was shown when it began. */
  async #callerOf(tenant: string | undefined): Promise<Caller> {
    const { presence } = this.#line
    const shown = await presence.callerOf(tenant)
    return { ...shown, freshToken: async () => (await presence.callerOf(tenant)).freshToken() }
  }

  #tell(subscription: Subscription, head: string, part: Part): void {
    const { outbox } = this.#line
    for (const message of part.messages(head)) outbox.pass(message)
    const at = { ...namesOf(subscription.message), offset: offsetOf(part.next) }
    if (part.closed) {
      outbox.post({ type: 'closed', ...at })
      this.#forget(subscription)
    } else if (part.upToDate) outbox.post({ type: 'caught_up', ...at })
  }

  #tellPassed({ message }: Subscription, reader: Reader): void {
    const { outbox } = this.#line
    const standing = this.#proof.holds() && outbox.hasRoom() ? reader.passed() : null
    if (standing?.upToDate !== true) return
    outbox.post({ type: 'caught_up', ...namesOf(message), offset: offsetOf(standing.next) })
  }

  #fail(subscription: Subscription, error: unknown): void {
    const { message } = subscription
    this.#line.fail(error, { id: message.id, ...namesOf(message) })
    this.#forget(subscription)
  }

  #forget(subscription: Subscription): void {
    end(subscription)
    if (this.#followed.get(subscription.name) === subscription) this.#followed.delete(subscription.name)
  }
}

const NAMELESS = 'Without session_id it is all of a tenant: give the stream a name of its own, as `stream`.'

interface Subscription {
  message: z.output<typeof Subscribe>
  name: string
  /** Null until it has been found to be readable. */
  reader: Reader | null
  ended: AbortController
  /** Ends the telling of what was passed over. */
  quiet: () => void
}

const namesOf = ({ stream, session_id }: StreamOf) => ({
  ...(stream !== undefined && { stream }),
  ...(session_id !== undefined && { session_id }),
})

function end({ reader, ended, quiet }: Subscription): void {
  ended.abort()
  quiet()
  reader?.end()
}

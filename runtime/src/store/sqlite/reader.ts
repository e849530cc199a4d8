// The main thread's side of the reader, and the seam between what is read there and the tail in memory. A commit is in the file
// before the writer's report of it is here, so an answer of the reader may be ahead of the tail. Such an answer is held until
// the report comes, which is on its way: whoever was told that an execution has ended finds its last entry.

import type { ExecutionId, SessionId, TenantId } from '@biplane/protocol'

import { StoreBusy } from '../error.ts'
import type { Entry, SessionHead } from '../port.ts'
import type { Channel } from './channel.ts'
import { Fifo } from './fifo.ts'
import { tenantScope } from './index-batch.ts'
import { READS_WAITING_MAX } from './limits.ts'
import type { LogTail } from './log-tail.ts'
import type { AskOf, FoundOf, ReadRequest, ReadVerb } from './reads.ts'
import type { ReadAnswer } from './reader-thread.ts'

export class Reader {
  readonly #channel: Channel<ReadRequest>
  readonly #tail: LogTail
  /** Answers in the order of asking; the first is ahead of the tail. */
  readonly #held = new Fifo<ReadAnswer>()

  constructor(channel: Channel<ReadRequest>, tail: LogTail) {
    this.#channel = channel
    this.#tail = tail
  }

  read<V extends ReadVerb>(verb: V, ...ask: AskOf<V>): Promise<FoundOf<V>> {
    if (this.#channel.waiting >= READS_WAITING_MAX) return Promise.reject(new StoreBusy('Too many reads wait already.'))
    return this.#channel.ask({ verb, ask }) as Promise<FoundOf<V>>
  }

  /**
   * Entries of a session or an execution. A read sees the log up to the pos that was indexed at its moment, and the tail has
   * everything after its own floor. If the floor moved past that pos meanwhile, what lies between is in the index by now.
   */
  async entries(scope: SessionId | ExecutionId, after: number, limit: number): Promise<Entry[]> {
    const hot = this.#tail.read(scope, after, limit)
    const rest = (last: number, most: number) => this.#tail.rest(scope, last, most)
    return hot ?? this.#indexed(scope, after, limit, rest)
  }

  /** The same of a tenant, after a count of its entries. */
  async tenantEntries(tenant: TenantId, after: number, limit: number): Promise<Entry[]> {
    const hot = this.#tail.readTenant(tenant, after, limit)
    const rest = (last: number, most: number) => this.#tail.restOfTenant(tenant, last, most)
    return hot ?? this.#indexed(tenantScope(tenant), after, limit, rest)
  }

  /** What is in the index, and then the rest of it, which is in the tail. */
  async #indexed(
    scope: string,
    from: number,
    limit: number,
    rest: (after: number, limit: number) => Entry[],
  ): Promise<Entry[]> {
    const found: Entry[] = []
    for (let last = from; ;) {
      const { entries, after, indexedPos, more } = await this.read('readEntries', scope, last, limit - found.length)
      for (const entry of entries) found.push(entry)
      last = after
      if (found.length >= limit) return found
      if (more || indexedPos < this.#tail.floorPos) continue
      return [...found, ...rest(last, limit - found.length)]
    }
  }

  async head(session: SessionId): Promise<SessionHead | null> {
    for (;;) {
      const hot = this.#tail.head(session)
      if (hot) return hot
      const { head, indexedPos } = await this.read('readHead', session)
      if (!this.#tail.head(session) && indexedPos >= this.#tail.floorPos) return head
    }
  }

  async tenantHead(tenant: TenantId): Promise<number> {
    for (;;) {
      const hot = this.#tail.tenantHead(tenant)
      if (hot !== null) return hot
      const { last, indexedPos } = await this.read('readTenantHead', tenant)
      if (this.#tail.tenantHead(tenant) === null && indexedPos >= this.#tail.floorPos) return last
    }
  }

  take(answers: readonly ReadAnswer[]): void {
    for (const answer of answers) this.#held.push(answer)
    this.release()
  }

  /** Gives out the answers that the tail has caught up with. */
  release(): void {
    while (!this.#channel.hasFailed) {
      const answer = this.#held.first
      if (!answer || answer.pos > this.#tail.lastPos) return
      this.#held.shift()
      const { request, resolve, reject } = this.#channel.answered()
      if ('failed' in answer) reject(new Error(`${request.verb} failed: ${answer.failed}`))
      else resolve(answer.found)
    }
  }
}

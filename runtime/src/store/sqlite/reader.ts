// The main thread's side of the reader, and the seam between what is read there and the tail in memory. A commit is in the file
// before the writer's report of it is here, so an answer of the reader may be ahead of the tail. Such an answer is held until
// the report comes, which is on its way: whoever was told that an execution has ended finds its last entry.

import type { ExecutionId, SessionId, TenantId } from '@biplane/protocol'

import { StoreBusy } from '../error.ts'
import type { Entry, SessionHead, TenantPage } from '../port.ts'
import type { Channel } from './channel.ts'
import { Fifo } from './fifo.ts'
import { READS_WAITING_MAX } from './limits.ts'
import type { LogTail } from './log-tail.ts'
import type { AskOf, FoundOf, ReadRequest, ReadVerb } from './reads.ts'
import type { ReadTenant } from './read-tenant.ts'
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
    if (hot) return hot
    const { entries } = await this.#indexed(
      async (last, most) => ({ from: last, ...(await this.read('readEntries', scope, last, most)) }),
      (last, most) => ({ after: last, entries: this.#tail.rest(scope, last, most) }),
      { after, limit },
    )
    return entries
  }

  /** The same of a tenant, behind a count of its entries. */
  async tenantEntries(tenant: TenantId, after: number, limit: number): Promise<TenantPage> {
    const hot = this.#tail.readTenant(tenant, after, limit)
    if (hot) return hot
    return this.#indexed(
      (last, most) => this.read('readTenant', tenant, last, most),
      (last, most) => this.#tail.restOfTenant(tenant, last, most),
      { after, limit },
    )
  }

  /** What is in the index, and then the rest of it, which is in the tail. */
  async #indexed(
    readIndexed: (after: number, limit: number) => Promise<ReadTenant>,
    rest: (after: number, limit: number) => TenantPage,
    { after: asked, limit }: { after: number; limit: number },
  ): Promise<TenantPage> {
    let page: TenantPage = { after: asked, entries: [] }
    for (let last = asked; ;) {
      const { from, entries, after, indexedPos, more } = await readIndexed(last, limit - page.entries.length)
      page = goOn(page, last, { after: from, entries })
      last = after
      if (page.entries.length >= limit) return page
      if (more || indexedPos < this.#tail.floorPos) continue
      return goOn(page, last, rest(last, limit - page.entries.length))
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

/** `next` was read behind `last`. If the log was cut meanwhile, what was read before lies in front of a gap. */
function goOn(page: TenantPage, last: number, next: TenantPage): TenantPage {
  if (next.after > last) return next
  for (const entry of next.entries) page.entries.push(entry)
  return page
}

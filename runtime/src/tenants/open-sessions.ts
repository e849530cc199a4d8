// How many sessions of each tenant are open. A tenant's are counted in the store when it first creates or closes one, and in memory
// from then on; whatever would change the count waits for that.

import { ProblemError, type TenantId } from '@biplane/protocol'

import type { ClosedSession, CreatedSession, Store } from '../store/port.ts'

/** Rows read at a time. */
const PAGE = 1_000

export class OpenSessions {
  readonly #store: Pick<Store, 'listSessions'>
  readonly #max: number
  readonly #counts = new Map<TenantId, Promise<{ open: number }>>()

  constructor(store: Pick<Store, 'listSessions'>, max: number) {
    this.#store = store
    this.#max = max
  }

  /** `create` is told whether the tenant may have no more. */
  async create(tenant: TenantId, create: (atQuota: boolean) => Promise<CreatedSession>): Promise<CreatedSession> {
    const count = await this.#countOf(tenant)
    const atQuota = count.open >= this.#max
    // From before it is recorded, so that many that come at once cannot pass the quota together.
    count.open++
    let isNew = false
    try {
      const created = await create(atQuota)
      isNew = created.outcome === 'created'
      return created
    } finally {
      if (!isNew) count.open--
    }
  }

  async close(tenant: TenantId, close: () => Promise<ClosedSession>): Promise<ClosedSession> {
    const count = await this.#countOf(tenant)
    const closed = await close()
    if (closed.outcome === 'closing' || closed.outcome === 'closed') count.open--
    return closed
  }

  quotaExceeded(): ProblemError {
    return new ProblemError('quota_exceeded', `The tenant has ${this.#max} open sessions.`)
  }

  #countOf(tenant: TenantId): Promise<{ open: number }> {
    const known = this.#counts.get(tenant)
    if (known) return known
    const counting = this.#countIn(tenant)
    this.#counts.set(tenant, counting)
    counting.catch(() => this.#counts.delete(tenant))
    return counting
  }

  async #countIn(tenant: TenantId): Promise<{ open: number }> {
    let open = 0
    let after: string | null = null
    do {
      const { items, next } = await this.#store.listSessions(tenant, after, PAGE)
      open += items.filter(({ status }) => status === 'open').length
      after = next
    } while (after !== null)
    return { open }
  }
}

// How many of something each tenant has.

import type { TenantId } from '@biplane/protocol'

export class TenantCounts {
  readonly #counts = new Map<TenantId, number>()
  #total = 0

  /** Of all tenants. */
  get total(): number {
    return this.#total
  }

  /** How many tenants have any. */
  get tenants(): number {
    return this.#counts.size
  }

  of(tenant: TenantId): number {
    return this.#counts.get(tenant) ?? 0
  }

  add(tenant: TenantId, by = 1): void {
    const count = this.of(tenant) + by
    this.#total += by
    if (count === 0) this.#counts.delete(tenant)
    else this.#counts.set(tenant, count)
  }
}

// Whether a tenant may begin more: how many of its executions have not ended, and how often it submits. Counted in memory; a start
// counts anew what it finds in the store. What executions call counts, and is never refused: it is part of what has begun.

import { ProblemError, type TenantId } from '@biplane/protocol'

import { limitsOf } from '../limits.ts'
import type { AcceptedIntent } from '../store/port.ts'
import { SubmissionRate } from '../tenants/submission-rate.ts'
import { TenantCounts } from '../tenants/tenant-counts.ts'
import type { EngineParts } from './ports.ts'

export class TenantAdmission {
  readonly #clock: EngineParts['clock']
  readonly #executionsMax: number
  readonly #unfinished = new TenantCounts()
  readonly #rate: SubmissionRate

  constructor({ clock, tenantLimits = limitsOf().tenant }: Pick<EngineParts, 'clock' | 'tenantLimits'>) {
    this.#clock = clock
    this.#executionsMax = tenantLimits.executionsMax
    this.#rate = new SubmissionRate(tenantLimits.submissionsPerSecondMax)
  }

  /** @throws ProblemError rate_limited */
  requirePace(tenant: TenantId): void {
    if (!this.#rate.take(tenant, this.#clock.now())) {
      throw new ProblemError('rate_limited', 'The tenant submits more often than it may.')
    }
  }

  isAtQuota(tenant: TenantId): boolean {
    return this.#unfinished.of(tenant) >= this.#executionsMax
  }

  quotaExceeded(): ProblemError {
    return new ProblemError('quota_exceeded', `The tenant has ${this.#executionsMax} executions that have not ended.`)
  }

  /** Counts it from now on, so that many that come at once cannot pass the quota together, unless it turns out not to be new. */
  async counted(tenant: TenantId, accepting: Promise<AcceptedIntent>): Promise<AcceptedIntent> {
    this.#unfinished.add(tenant)
    let isNew = false
    try {
      const accepted = await accepting
      isNew = accepted.outcome === 'accepted'
      return accepted
    } finally {
      if (!isNew) this.#unfinished.add(tenant, -1)
    }
  }

  /** One of the process before. */
  found(tenant: TenantId): void {
    this.#unfinished.add(tenant)
  }

  ended(tenant: TenantId): void {
    this.#unfinished.add(tenant, -1)
  }
}

// How often a tenant may submit: a bucket that fills steadily, holds one second's worth, and gives one for each submission.

import type { TenantId } from '@biplane/protocol'

interface Bucket {
  left: number
  filled_ms: number
}

/** Buckets in memory. Those that are full again say no more than none does, and are dropped when there are so many. */
const BUCKETS_MAX = 10_000

export class SubmissionRate {
  readonly #perSecond: number
  readonly #buckets = new Map<TenantId, Bucket>()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** False if the tenant has to wait. */
  take(tenant: TenantId, now_ms: number): boolean {
    const bucket = this.#bucketOf(tenant, now_ms)
    // A clock that was set back fills nothing.
    const passed_ms = Math.max(0, now_ms - bucket.filled_ms)
    bucket.left = Math.min(this.#perSecond, bucket.left + (passed_ms * this.#perSecond) / 1000)
    bucket.filled_ms = now_ms
    if (bucket.left < 1) return false
    bucket.left--
    return true
  }

  #bucketOf(tenant: TenantId, now_ms: number): Bucket {
    const known = this.#buckets.get(tenant)
    if (known) return known
    if (this.#buckets.size >= BUCKETS_MAX) this.#dropFull(now_ms)
    const bucket = { left: this.#perSecond, filled_ms: now_ms }
    this.#buckets.set(tenant, bucket)
    return bucket
  }

  /** One that nobody took from for a second is full. */
  #dropFull(now_ms: number): void {
    for (const [tenant, { filled_ms }] of this.#buckets) if (now_ms - filled_ms >= 1000) this.#buckets.delete(tenant)
  }
}

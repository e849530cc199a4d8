// How often a tenant, and each of its callers, may call. What is left is told in RateLimit-Policy and RateLimit, in the form of
// draft-ietf-httpapi-ratelimit-headers-10; who has nothing left is answered 429 and when to come again.
//
// An address that keeps showing credentials that do not hold is answered the same, instead of being told each time what is wrong
// with them. One that holds is never held up by others that do not: behind one address there may be many people.

import type { IncomingHttpHeaders } from 'node:http'

import { ProblemError } from '@biplane/protocol'

import { ConfigurationError } from './configuration-error.ts'
import { type Rate, type Standing, createBuckets } from './token-bucket.ts'

export interface RateConfig {
  /** All callers of a tenant together. Default 500 a second, 2,000 at once. */
  tenant?: Rate
  /** One caller of a tenant. Default 250 a second, 1,000 at once. */
  subject?: Rate
  /** Credentials of one address that do not hold. Default 20 a minute, 20 at once. */
  failures?: Rate
}

export interface Limits {
  /** Counts one call. @throws RateLimited */
  take(headers: IncomingHttpHeaders, tenant: string | undefined, subject: string | undefined): void
  /** What to tell who sent a request with these headers, of calls that were counted for it. */
  headersFor(headers: IncomingHttpHeaders): Record<string, string>
  /** Counts a credential that did not hold; answers the error to tell, which after too many is another one. */
  afterFailure(error: ProblemError, address: string): ProblemError
}

/** One limit, and how somebody stands with it. */
interface Counted {
  name: keyof RateConfig
  rate: Rate
  standing: Standing
}

export class RateLimited extends ProblemError {
  readonly retryAfterS: number

  constructor({ name, standing }: Counted) {
    const retryAfterS = Math.max(1, Math.ceil(standing.nextInS))
    super('rate_limited', `${SAID[name]} Come again in ${retryAfterS} s.`)
    this.retryAfterS = retryAfterS
  }
}

const SAID: Record<Counted['name'], string> = {
  tenant: 'The callers of this tenant have called too often.',
  subject: 'You have called too often.',
  failures: 'Too many credentials from this address did not hold.',
}

const TENANT: Rate = { perSecond: 500, burst: 2_000 }
const SUBJECT: Rate = { perSecond: 250, burst: 1_000 }
const FAILURES: Rate = { perSecond: 20 / 60, burst: 20 }

type Limit = (key: string) => Counted

/**
 * `isOpen`: nobody is asked who they are, and a caller may name any tenant. Nothing is limited then but what is configured.
 * @throws ConfigurationError
 */
export function createLimits(config: RateConfig, isOpen: boolean): Limits {
  const rates = { ...(isOpen ? {} : { subject: SUBJECT, tenant: TENANT }), failures: FAILURES, ...config }
  const ofSubject = limit('subject', rates.subject)
  const ofTenant = limit('tenant', rates.tenant)
  const ofFailures = limit('failures', rates.failures)
  const told = new WeakMap<IncomingHttpHeaders, Counted[]>()

  return {
    take(headers, tenant, subject) {
      const toTell: Counted[] = []
      told.set(headers, toTell)
      const count = (counted: Counted) => {
        toTell.push(counted)
        if (!counted.standing.isAllowed) throw new RateLimited(counted)
      }
      // The caller's own first: one that has nothing left takes nothing from the others of its tenant.
      if (ofSubject && subject !== undefined) count(ofSubject(JSON.stringify([tenant, subject])))
      if (ofTenant && tenant !== undefined) count(ofTenant(tenant))
    },
    headersFor: (headers) => headersOf(told.get(headers) ?? []),
    afterFailure(error, address) {
      const counted = ofFailures?.(address)
      return counted === undefined || counted.standing.isAllowed ? error : new RateLimited(counted)
    },
  }
}

function limit(name: keyof RateConfig, rate: Rate | undefined): Limit | null {
  if (rate === undefined) return null
  if (!(rate.perSecond > 0 && rate.burst >= 1)) {
    throw new ConfigurationError(`rate.${name}: perSecond must be above 0, and burst 1 or more.`)
  }
  const buckets = createBuckets(rate)
  return (key) => ({ name, rate, standing: buckets.take(key) })
}

function headersOf(counted: readonly Counted[]): Record<string, string> {
  if (counted.length === 0) return {}
  const policy = counted.map(
    ({ name, rate: { burst, perSecond } }) => `"${name}";q=${burst};w=${Math.ceil(burst / perSecond)}`,
  )
  const left = counted.map(({ name, standing }) => `"${name}";r=${standing.remaining};t=${Math.ceil(standing.fullInS)}`)
  return { 'ratelimit-policy': policy.join(', '), ratelimit: left.join(', ') }
}

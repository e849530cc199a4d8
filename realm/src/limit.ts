// How executions of an intent share what is scarce: how many at once, how often, in which order.

import type { Duration } from './context.ts'
import { toMs } from './duration.ts'

/** What flow control knows of an intent. */
export interface Limited<P> {
  tenant_id: string
  session_id: string
  payload: P
}

/** Those that may not begin yet are `accepted`, in order. */
export interface Limit<P> {
  /** Executions with one key share a limit. Default: all of the intent do. */
  key?: (intent: Limited<P>) => string
  /** How many are at work at once. One that waits, for time, a signal or a child, does not count. */
  concurrency?: number
  /** One after the other, in the order they were accepted, each to its end. */
  serial?: boolean
  /** At most `times` begin within any `per`, whatever becomes of them. */
  rate?: { times: number; per: Duration }
  /**
   * One begins when no other of its key and tenant has been accepted for `quiet`; a later one replaces it, and it ends as
   * `superseded`. `atMost` after the first of them the last one begins anyway. Default: never.
   */
  debounce?: { quiet: Duration; atMost?: Duration }
  /** The higher goes first. Default 0. */
  priority?: (intent: Limited<P>) => number
}

const CONCURRENCY_MAX = 100_000
const RATE_TIMES_MAX = 10_000
const RATE_PER_MS_MAX = 31 * 86_400_000
const DEBOUNCE_MS_MAX = 7 * 86_400_000

/** @throws Error naming the rule that the limit of `type` breaks */
export function checkLimit(type: string, limit: Limit<never>): void {
  const { concurrency, serial, rate, debounce } = limit
  const refuse = (rule: string): never => {
    throw new Error(`The limit of ${type}: ${rule}`)
  }
  if (concurrency === undefined && !serial && !rate && !debounce) {
    refuse('say what it limits: concurrency, serial, rate or debounce.')
  }
  if (serial && concurrency !== undefined) refuse('serial is one at a time already; leave concurrency out.')
  if (concurrency !== undefined && !isCount(concurrency, CONCURRENCY_MAX)) {
    refuse(`concurrency must be a whole number from 1 to ${CONCURRENCY_MAX}, not ${concurrency}.`)
  }
  if (rate && !isCount(rate.times, RATE_TIMES_MAX)) {
    refuse(`rate.times must be a whole number from 1 to ${RATE_TIMES_MAX}, not ${rate.times}.`)
  }
  if (rate && !isSpan(rate.per, RATE_PER_MS_MAX)) refuse(`rate.per must be from 1ms to 31d, not ${rate.per}.`)
  if (debounce && !isSpan(debounce.quiet, DEBOUNCE_MS_MAX)) {
    refuse(`debounce.quiet must be from 1ms to 7d, not ${debounce.quiet}.`)
  }
  if (debounce?.atMost === undefined) return
  if (!isSpan(debounce.atMost, DEBOUNCE_MS_MAX)) {
    refuse(`debounce.atMost must be from 1ms to 7d, not ${debounce.atMost}.`)
  }
  if (toMs(debounce.atMost) < toMs(debounce.quiet)) refuse('debounce.atMost must not be shorter than debounce.quiet.')
}

const isCount = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most

function isSpan(duration: Duration, most_ms: number): boolean {
  try {
    const ms = toMs(duration)
    return ms >= 1 && ms <= most_ms
  } catch {
    return false
  }
}

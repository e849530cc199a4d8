// The limit of a capability in numbers: for flow control, and for the catalogue, which tells callers what to expect.

import type { CapabilityLimit } from '@biplane/protocol'
import type { Limit } from '@biplane/realm'
import { toMs } from '@biplane/realm/duration'

export interface Plan {
  /** How many are at work at once; may be Infinity. */
  slots: number
  /** A slot is kept to the end, whatever is waited for. */
  serial: boolean
  rate: { times: number; per_ms: number } | null
  /** `at_most_ms` may be Infinity. */
  debounce: { quiet_ms: number; at_most_ms: number } | null
}

export const planOf = ({ concurrency = Infinity, serial = false, rate, debounce }: Limit<never>): Plan => ({
  slots: serial ? 1 : concurrency,
  serial,
  rate: rate ? { times: rate.times, per_ms: toMs(rate.per) } : null,
  debounce: debounce
    ? { quiet_ms: toMs(debounce.quiet), at_most_ms: debounce.atMost === undefined ? Infinity : toMs(debounce.atMost) }
    : null,
})

export function describedLimit(limit: Limit<never>): CapabilityLimit {
  const { slots, serial, rate, debounce } = planOf(limit)
  const { quiet_ms, at_most_ms } = debounce ?? { quiet_ms: 0, at_most_ms: Infinity }
  return {
    by_key: limit.key !== undefined,
    by_priority: limit.priority !== undefined && !serial,
    ...(serial ? { serial } : {}),
    ...(!serial && slots !== Infinity ? { concurrency: slots } : {}),
    ...(rate ? { rate } : {}),
    ...(debounce ? { debounce: { quiet_ms, ...(at_most_ms === Infinity ? {} : { at_most_ms }) } } : {}),
  }
}

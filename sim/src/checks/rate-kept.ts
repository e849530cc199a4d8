// In any span of time no more executions of a lane begin than its rate lets.

import type { Evidence } from '../evidence.ts'
import { lanesOf } from '../lanes.ts'

export function rateKept(evidence: Evidence): string[] {
  return lanesOf(evidence).flatMap(({ name, bounds, members }) => {
    if (!bounds.rate) return []
    const { times, per } = bounds.rate
    const begun_ms = members.flatMap(({ started }) => (started ? [started.time_ms] : [])).sort((a, b) => a - b)
    const first = begun_ms.findIndex((at_ms, i) => (begun_ms[i + times] ?? Infinity) - at_ms < per)
    return first === -1 ? [] : [`In ${name} more than ${times} began within ${per} ms from ${begun_ms[first]} on.`]
  })
}

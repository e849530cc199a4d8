// No more executions of a lane are at work at once than its capability allows.

import { type Evidence, ofType } from '../evidence.ts'
import { slotsOf } from '../intents.ts'
import { lanesOf } from '../lanes.ts'

interface Span {
  execution: string
  from_ms: number
  to_ms: number
}

export function slotsHeld(evidence: Evidence): string[] {
  const bodies = bodiesByExecution(evidence)
  return lanesOf(evidence).flatMap((lane) => {
    const spans = lane.members.flatMap(({ log }) => bodies.get(log.row.execution_id) ?? [])
    const worst = mostAtOnce(spans)
    const slots = slotsOf(lane.bounds)
    return worst.length <= slots ? [] : [`In ${lane.name} ${worst.join()} were at work at once, and ${slots} may be.`]
  })
}

/** When its steps were at work. What was cancelled comes to its end without a slot. */
function bodiesByExecution({ executions, outside, downtimes }: Evidence): Map<string, Span[]> {
  const cancelled_ms = new Map<string, number>(
    executions.map((log) => [log.row.execution_id, ofType(log, 'execution.cancelling')[0]?.time_ms ?? Infinity]),
  )
  const spans = outside.bodies.map(({ key, began, over }): Span => {
    const [execution = ''] = key.split('/')
    const died_ms = downtimes.find(({ from_ms }) => from_ms >= began.time_ms)?.from_ms ?? Infinity
    const to_ms = Math.min(over?.time_ms ?? Infinity, died_ms, cancelled_ms.get(execution) ?? Infinity)
    return { execution, from_ms: began.time_ms, to_ms }
  })
  return Map.groupBy(
    // What lasts no time was told to stop when it began.
    spans.filter(({ from_ms, to_ms }) => to_ms > from_ms),
    ({ execution }) => execution,
  )
}

/** The most executions that were at work at one moment. */
function mostAtOnce(spans: readonly Span[]): string[] {
  const all = spans.map(({ from_ms: at_ms }) => {
    const atWork = spans.filter(({ from_ms, to_ms }) => from_ms <= at_ms && to_ms > at_ms)
    return [...new Set(atWork.map(({ execution }) => execution))]
  })
  return all.toSorted((a, b) => b.length - a.length)[0] ?? []
}

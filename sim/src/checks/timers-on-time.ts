// G11: a timer is never early by the store's clock, and late by no more than a bound once there is a process to notice it.

import { msOf } from '@biplane/protocol'
import type { Entry } from '@biplane/runtime/store-port'

import { type Evidence, type ExecutionLog, dataOf, ofType } from '../evidence.ts'
import type { Downtime } from '../world.ts'

/** Virtual milliseconds, for what comes before it at the same moment: turns of other executions, commits. */
const LATE_MS_MAX = 250
/** A pause may be asked for so long before its entry: steps that do not heed it are waited for. */
const PAUSING_MS_MAX = 5_000
const ENDS = ['execution.resumed', 'signal.expired']

export function timersOnTime(evidence: Evidence): string[] {
  return evidence.executions.flatMap((log) => [...waitsOf(log, evidence.downtimes), ...retriesOf(log, evidence)])
}

function waitsOf(log: ExecutionLog, downtimes: readonly Downtime[]): string[] {
  const saw: string[] = []
  const { execution_id } = log.row
  const pauses = pausesOf(log)
  for (const began of ofType(log, 'execution.waiting', 'signal.awaited')) {
    const { until, ordinal, name } = dataOf(began)
    if (until === undefined) continue
    const end = log.entries.find(
      (entry) => entry.seq > began.seq && ENDS.includes(entry.type) && isOf(entry, ordinal, name),
    )
    if (!end) continue
    const early_ms = msOf(until) - end.time_ms
    if (early_ms > 0) saw.push(`${execution_id}: timer ${ordinal} was ${early_ms} ms early.`)
    const late_ms = end.time_ms - earliest(msOf(until), [...downtimes, ...pauses])
    if (late_ms > LATE_MS_MAX) saw.push(`${execution_id}: timer ${ordinal} was ${late_ms} ms late.`)
  }
  return saw
}

const isOf = (entry: Entry, ordinal: number, name: string): boolean => {
  const data = dataOf(entry)
  return data.ordinal === ordinal && data.name === name
}

/** From when on it could be noticed that this moment had come. */
function earliest(due_ms: number, absences: readonly Downtime[]): number {
  let from_ms = due_ms
  for (const { from_ms: left, to_ms } of absences.toSorted((a, b) => a.from_ms - b.from_ms)) {
    if (left <= from_ms + LATE_MS_MAX && to_ms > from_ms) from_ms = to_ms
  }
  return from_ms
}

function pausesOf(log: ExecutionLog): Downtime[] {
  const pauses: Downtime[] = []
  for (const { type, time_ms } of log.entries) {
    if (type === 'execution.paused' || type === 'execution.parked') {
      pauses.push({ from_ms: time_ms - PAUSING_MS_MAX, to_ms: Infinity })
    }
    const last = pauses.at(-1)
    if (last?.to_ms === Infinity && type === 'execution.continued') last.to_ms = time_ms
  }
  return pauses
}

/** A step is not tried again before its time. */
function retriesOf(log: ExecutionLog, { outside }: Evidence): string[] {
  const { execution_id } = log.row
  return ofType(log, 'step.failed').flatMap((entry) => {
    const { ordinal, attempt, retry_at } = dataOf(entry)
    const next = outside.bodies.find(
      ({ key, attempt: of }) => key === `${execution_id}/${ordinal}` && of === (attempt ?? 0) + 1,
    )
    if (retry_at === undefined || !next || next.began.time_ms >= msOf(retry_at)) return []
    return [`${execution_id}: step ${ordinal} was tried again before its time.`]
  })
}

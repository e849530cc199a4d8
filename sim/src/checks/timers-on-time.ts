// G11: a timer is never early by the store's clock, and late by nothing once there is a process to notice it: work takes no virtual
// time, and the engine adds none of its own.

import { msOf } from '@biplane/protocol'
import type { Entry } from '@biplane/runtime/store-port'

import { type Evidence, type ExecutionLog, askedOf, dataOf, ofType, runsOf } from '../evidence.ts'
import { BOUNDS, isLimited } from '../intents.ts'
import type { Downtime } from '../world.ts'
import { absencesOf, noticedAt } from './absences.ts'

/** The time of a next attempt is not in whole milliseconds. */
const PART_OF_MS = 1
const ENDS = ['execution.resumed', 'signal.expired']

export function timersOnTime(evidence: Evidence): string[] {
  return evidence.executions.flatMap((log) => {
    const absences = absencesOf(log, evidence)
    return [...waitsOf(log, absences), ...retriesOf(log, evidence, absences)].map(
      (each) => `${log.row.execution_id}: ${each}`,
    )
  })
}

function waitsOf(log: ExecutionLog, absences: readonly Downtime[]): string[] {
  return ofType(log, 'execution.waiting', 'signal.awaited').flatMap((began) => {
    const { until, ordinal } = dataOf(began)
    const end = log.entries.find((entry) => entry.seq > began.seq && ENDS.includes(entry.type) && isOf(entry, began))
    if (until === undefined || !end) return []
    const early_ms = msOf(until) - end.time_ms
    if (early_ms > 0) return [`timer ${ordinal} was ${early_ms} ms early.`]
    // A time may have passed when it is waited for: it counts from the last entry that the handler was handed.
    const late_ms = end.time_ms - noticedAt(Math.max(msOf(until), began.time_ms), absences)
    return late_ms > 0 ? [`timer ${ordinal} was ${late_ms} ms late.`] : []
  })
}

function isOf(entry: Entry, began: Entry): boolean {
  const [one, other] = [dataOf(entry), dataOf(began)]
  return one.ordinal === other.ordinal && one.name === other.name
}

/** A step is tried again when its time has come. What shares a lane may wait for a slot. */
function retriesOf(log: ExecutionLog, { outside }: Evidence, absences: readonly Downtime[]): string[] {
  const bodies = runsOf(log, outside.bodies)
  return ofType(log, 'step.failed').flatMap((entry) => {
    const { ordinal, attempt = 0, retry_at } = dataOf(entry)
    const key = `${log.row.execution_id}/${ordinal}`
    const next = bodies.find((body) => body.key === key && body.attempt === attempt + 1)
    if (retry_at === undefined || !next) return []
    const { time_ms } = next.began
    if (time_ms < msOf(retry_at)) return [`step ${ordinal} was tried again before its time.`]
    const late_ms = time_ms - noticedAt(msOf(retry_at) + PART_OF_MS, absences)
    const isShared = isLimited(BOUNDS[askedOf(log).intent_type] ?? {})
    return late_ms > 0 && !isShared ? [`step ${ordinal} was tried again ${late_ms} ms late.`] : []
  })
}

// G11: an execution whose time is up does not go on, and neither does one that was cancelled beyond the time that it is given then.

import type { Entry } from '@biplane/runtime/store-port'

import { type Evidence, type ExecutionLog, askedOf, dataOf, ofType } from '../evidence.ts'
import { BOUNDS } from '../intents.ts'
import type { Downtime } from '../world.ts'
import { absencesOf, noticedAt } from './absences.ts'

/** How long a handler may go on after a cooperative cancel (CANCEL_GRACE_MS of the engine). */
const CANCEL_GRACE_MS = 30_000
/** How long a step may go on after it was told to stop, and so be recorded (ABORT_GRACE_MS). */
const STOPPING_MS = 5_000

export function timeIsUp(evidence: Evidence): string[] {
  return evidence.executions.flatMap((log) => {
    const absences = absencesOf(log, evidence)
    return [...timedOut(log, absences), ...cancelled(log, absences)].map((each) => `${log.row.execution_id} ${each}`)
  })
}

function timedOut(log: ExecutionLog, absences: readonly Downtime[]): string[] {
  const { timeout_ms } = BOUNDS[askedOf(log).intent_type] ?? {}
  if (timeout_ms === undefined) return []
  const due_ms = log.row.created_ms + timeout_ms
  const up_ms = noticedAt(due_ms, absences)
  // One that has begun may fail with this code because a child of it did.
  const types = ofType(log, 'execution.started').length > 0 ? [] : ['execution.failed']
  const timed = ofType(log, 'execution.cancelling', ...types).find(
    (entry) => dataOf(entry).error?.code === 'execution.timed_out',
  )
  if (timed && timed.time_ms < due_ms) return [`was timed out ${due_ms - timed.time_ms} ms early.`]
  if (timed && timed.time_ms > up_ms) return [`was timed out ${timed.time_ms - up_ms} ms late.`]
  const isCancelled = ofType(log, 'execution.cancelling').length > 0
  const late = log.entries.find((entry) => isProgress(entry) && entry.time_ms > up_ms + STOPPING_MS)
  return late && !isCancelled ? [`has ${late.type} ${late.time_ms - up_ms} ms after its time was up.`] : []
}

function cancelled(log: ExecutionLog, absences: readonly Downtime[]): string[] {
  const [cancel] = ofType(log, 'execution.cancelling')
  if (!cancel) return []
  const grace_ms = dataOf(cancel).mode === 'kill' ? 0 : CANCEL_GRACE_MS
  // What was parked, and goes on, has that time again.
  const since = ofType(log, 'execution.continued').at(-1)
  const since_ms = Math.max(cancel.time_ms, since?.time_ms ?? 0)
  const up_ms = noticedAt(since_ms + grace_ms, absences) + STOPPING_MS
  const late = log.entries.find((entry) => isProgress(entry) && entry.time_ms > up_ms)
  return late ? [`has ${late.type} ${late.time_ms - cancel.time_ms} ms after it was cancelled.`] : []
}

/** What its handler waits for, or a step of it does. */
const isProgress = ({ kind, type }: Entry): boolean =>
  ['step', 'timer'].includes(kind) || ['child.called', 'signal.awaited', 'state.read'].includes(type)

// When nobody could notice that a time had come for an execution: there was no process, or it was paused, or on the way there.

import { type Evidence, type ExecutionLog, runsOf } from '../evidence.ts'
import type { Downtime } from '../world.ts'

/** What is being paused waits so long for steps that do not heed it (ABORT_GRACE_MS of the engine). */
const PAUSING_MS_MAX = 5_000
const STOPS = ['execution.paused', 'execution.parked']

export const absencesOf = (log: ExecutionLog, evidence: Evidence): Downtime[] =>
  [...evidence.downtimes, ...pausesOf(log), ...pausingsOf(log, evidence)].sort((a, b) => a.from_ms - b.from_ms)

/** From when on it could be noticed that this moment had come; `absences` in their order. */
export function noticedAt(due_ms: number, absences: readonly Downtime[]): number {
  let from_ms = due_ms
  for (const { from_ms: left_ms, to_ms } of absences) {
    if (left_ms <= from_ms && to_ms > from_ms) from_ms = to_ms
  }
  return from_ms
}

function pausesOf({ entries }: ExecutionLog): Downtime[] {
  const pauses: Downtime[] = []
  for (const { type, time_ms } of entries) {
    if (STOPS.includes(type)) pauses.push({ from_ms: time_ms, to_ms: Infinity })
    const last = pauses.at(-1)
    if (last?.to_ms === Infinity && type === 'execution.continued') last.to_ms = time_ms
  }
  return pauses
}

/** From when its steps were told to stop until the pause was recorded, or the process died over it. */
function pausingsOf(log: ExecutionLog, { outside, downtimes }: Evidence): Downtime[] {
  const paused_ms = log.entries.filter(({ type }) => STOPS.includes(type)).map(({ time_ms }) => time_ms)
  const ends_ms = [...paused_ms, ...downtimes.map(({ from_ms }) => from_ms)]
  return runsOf(log, outside.bodies).flatMap(({ aborted }) => {
    const from_ms = aborted?.time_ms ?? Infinity
    const to_ms = ends_ms.find((end_ms) => end_ms > from_ms && end_ms <= from_ms + PAUSING_MS_MAX)
    return to_ms === undefined ? [] : [{ from_ms, to_ms }]
  })
}

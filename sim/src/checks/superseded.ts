// What a later intent of its key replaced never ran, and what replaced it is there. What was not replaced began when nothing had come for
// long enough, or at the bound of its burst.

import { type Evidence, dataOf } from '../evidence.ts'
import { type Lane, type Member, gaveUpItsTurn, isAgain, lanesOf } from '../lanes.ts'

export function superseded(evidence: Evidence): string[] {
  return lanesOf(evidence).flatMap((lane) =>
    lane.members.flatMap((member) => {
      const { row } = member.log
      const saw = row.status === 'superseded' ? replaced(member, lane, evidence) : begun(member, lane)
      return saw.map((each) => `${row.execution_id} ${each}`)
    }),
  )
}

function replaced({ log, tenant, accepted }: Member, lane: Lane, { turns, outside }: Evidence): string[] {
  const { execution_id } = log.row
  const saw: string[] = []
  if (!lane.bounds.debounce) saw.push('is superseded, and nothing replaces what is of its kind.')
  const hasRun = turns.has(execution_id) || outside.bodies.some(({ key }) => key.startsWith(execution_id))
  if (hasRun) saw.push('is superseded, and ran.')
  const by = dataOf(log.entries.at(-1) ?? accepted).superseded_by
  const other = lane.members.find((member) => member.log.row.execution_id === by)
  if (!other || isAgain(other) || other.tenant !== tenant || other.accepted.pos <= accepted.pos)
    saw.push(`is superseded by ${by}, which is no later one of its tenant and key.`)
  return saw
}

/** One that a person let begin again, or paused before its turn, waits for nothing to be quiet. */
function begun(member: Member, { members, bounds }: Lane): string[] {
  const { started, accepted, tenant } = member
  if (!bounds.debounce || !started || isAgain(member) || gaveUpItsTurn(member)) return []
  const later = members.find(
    (other) =>
      other.tenant === tenant &&
      !isAgain(other) &&
      other.accepted.pos > accepted.pos &&
      other.accepted.time_ms < started.time_ms,
  )
  if (later) return [`began after ${later.log.row.execution_id} had come.`]
  const quiet_ms = started.time_ms - accepted.time_ms
  const { quiet, atMost } = bounds.debounce
  // Its burst may have begun with one before it; how long ago, no bound tells.
  const burst = members.filter((other) => other.tenant === tenant && other.accepted.time_ms <= started.time_ms - atMost)
  return quiet_ms >= quiet || burst.length > 0 ? [] : [`began ${quiet_ms} ms after it had come.`]
}

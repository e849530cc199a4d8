// Who waits for a slot has it in turn: what has begun before what is new; of new work the tenants one after the other, and within a
// tenant the more urgent first, then the older. Nobody waits while there is room.

import type { Entry } from '@biplane/runtime/store-port'

import { type Evidence, runsOf } from '../evidence.ts'
import { slotsOf } from '../intents.ts'
import { type Lane, type Member, lanesOf } from '../lanes.ts'
import type { Downtime } from '../world.ts'

export function fairTurns(evidence: Evidence): string[] {
  const { downtimes } = evidence
  return lanesOf(evidence).flatMap((lane) => {
    const starts = startsOf(lane)
    const saw = [
      ...starts.flatMap((start) => urgentFirst(start, lane, downtimes)),
      ...starts.flatMap((start) => inTurns(start, starts, lane, downtimes)),
      ...lane.members.flatMap((member) => begunFirst(member, starts, evidence)),
      ...lane.members.flatMap((member) => noRoom(member, lane, downtimes)),
    ]
    return saw.map((each) => `In ${lane.name} ${each}`)
  })
}

interface Start {
  member: Member
  entry: Entry
}

/** Those that were begun from the queue, in order. */
const startsOf = ({ members }: Lane): Start[] =>
  members
    .flatMap((member) => (member.started && !member.atOnce ? [{ member, entry: member.started }] : []))
    .sort((a, b) => a.entry.pos - b.entry.pos)

const idOf = ({ log }: Member): string => log.row.execution_id

/** Whether it was in the queue from before the one moment until after the other. */
const isQueued = ({ atOnce, accepted, left }: Member, from_ms: number, to_ms: number): boolean =>
  !atOnce && accepted.time_ms < from_ms && (left?.time_ms ?? Infinity) > to_ms

function urgentFirst({ member, entry }: Start, { members, bounds }: Lane, downtimes: readonly Downtime[]): string[] {
  const { time_ms } = entry
  // Who was to go first may have died over it.
  const isLast = downtimes.some(({ from_ms }) => from_ms === time_ms)
  if (bounds.serial || bounds.debounce || isLast) return []
  const passed = members.find(
    (other) =>
      other.tenant === member.tenant &&
      isQueued(other, time_ms, time_ms) &&
      (other.priority > member.priority ||
        (other.priority === member.priority && other.accepted.pos < member.accepted.pos)),
  )
  return passed ? [`${idOf(member)} began before ${idOf(passed)}, which was to go first.`] : []
}

/** Since the last turn of this tenant, no other one that waited all the time was passed. Those of one moment are in any order. */
function inTurns({ member, entry }: Start, starts: Start[], lane: Lane, downtimes: readonly Downtime[]): string[] {
  const last = starts.findLast((start) => start.member.tenant === member.tenant && start.entry.pos < entry.pos)
  if (lane.bounds.serial || lane.bounds.debounce || !last) return []
  const [from_ms, to_ms] = [last.entry.time_ms, entry.time_ms]
  // A new process does not know whose turn it was.
  if (downtimes.some((down) => down.to_ms >= from_ms && down.from_ms <= to_ms)) return []
  const between = starts
    .filter((start) => start.entry.time_ms >= from_ms && start.entry.time_ms <= to_ms)
    .map((start) => start.member.tenant)
  const passed = lane.members.find(
    (other) => other.tenant !== member.tenant && isQueued(other, from_ms, to_ms) && !between.includes(other.tenant),
  )
  return passed ? [`${member.tenant} had two turns while ${idOf(passed)} of ${passed.tenant} waited for one.`] : []
}

/** While what had begun waited for its slot, from a turn of its handler until what that asked for, nobody new began. */
function begunFirst(member: Member, starts: readonly Start[], { turns, outside }: Evidence): string[] {
  const ofIt = turns.get(idOf(member)) ?? []
  return runsOf(member.log, outside.bodies).flatMap(({ attempt, began }) => {
    const asked = ofIt.findLast(({ order }) => order < began.order)
    if (attempt > 1 || !asked) return []
    const passedBy = starts.find(({ entry }) => entry.time_ms > asked.time_ms && entry.time_ms < began.time_ms)
    return passedBy ? [`${idOf(passedBy.member)} began while ${idOf(member)} waited to go on.`] : []
  })
}

/** While it was in the queue, so many had begun and not ended as may be at work. */
function noRoom(member: Member, { members, bounds }: Lane, downtimes: readonly Downtime[]): string[] {
  // Some wait for time to pass, room or not.
  if (member.atOnce || bounds.rate || bounds.debounce) return []
  const others = members.filter((other) => other !== member)
  const until_ms = member.left?.time_ms ?? Infinity
  const changes_ms = others.flatMap(({ ended }) => (ended ? [ended.time_ms] : []))
  const since_ms = [member.accepted.time_ms, ...changes_ms].find((at_ms) => {
    if (at_ms < member.accepted.time_ms || at_ms >= until_ms) return false
    if (downtimes.some((down) => down.from_ms <= at_ms && down.to_ms >= at_ms)) return false
    return others.filter((other) => hasBegun(other, at_ms)).length < slotsOf(bounds)
  })
  return since_ms === undefined ? [] : [`${idOf(member)} waited at ${since_ms} although there was room.`]
}

/** Began, and had not ended when this moment was over. */
const hasBegun = ({ started, ended }: Member, at_ms: number): boolean =>
  (started?.time_ms ?? Infinity) <= at_ms && (ended?.time_ms ?? Infinity) > at_ms

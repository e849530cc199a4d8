// G7: with `serial`, intents run in the order in which they were accepted, each to its end before the next begins.

import type { Evidence } from '../evidence.ts'
import { type Member, gaveUpItsTurn, lanesOf } from '../lanes.ts'

interface Run {
  member: Member
  began: number
  ended: number
}

export function serialOrder(evidence: Evidence): string[] {
  const lanes = lanesOf(evidence).filter(({ bounds }) => bounds.serial)
  return lanes.flatMap(({ name, members }) => {
    const runs = members.flatMap((member) => runOf(member, evidence)).sort((a, b) => a.began - b.began)
    return [...together(runs), ...outOfOrder(runs)].map((each) => `In ${name} ${each}`)
  })
}

/** From the first turn of its handler to the commit of its end; nothing if its handler never ran. */
function runOf(member: Member, { turns, witness }: Evidence): Run[] {
  const { execution_id } = member.log.row
  const began = turns.get(execution_id)?.[0]
  if (!began) return []
  const ended = member.ended && witness.whenDurable(member.ended.type, execution_id)
  return [{ member, began: began.order, ended: ended?.order ?? Infinity }]
}

const together = (runs: readonly Run[]): string[] =>
  runs.flatMap((run, i) => {
    const before = runs[i - 1]
    return !before || run.began > before.ended ? [] : [`${idOf(run)} began before ${idOf(before)} had ended.`]
  })

function outOfOrder(runs: readonly Run[]): string[] {
  const inTurn = runs.filter(({ member }) => !gaveUpItsTurn(member))
  return inTurn.flatMap((run, i) => {
    const before = inTurn[i - 1]
    return !before || run.member.accepted.pos > before.member.accepted.pos
      ? []
      : [`${idOf(run)} was accepted before ${idOf(before)} and ran after it.`]
  })
}

const idOf = ({ member }: Run): string => member.log.row.execution_id

// G9: a saga ends final with everything undone that had begun, exactly as it is recorded and last first; or nothing, if it completed.

import { isFinal } from '@biplane/protocol'

import { type Evidence, type ExecutionLog, askedOf, dataOf, ofType, runsOf, secretOf } from '../evidence.ts'
import { endsAsItIs } from './settled-by-hand.ts'

export function sagasEnd(evidence: Evidence): string[] {
  return evidence.executions.flatMap((log) => {
    const { row } = log
    if (!isFinal(row.status)) return row.status === 'parked' ? [] : [`${row.execution_id} is ${row.status} at the end.`]
    return [...whatIsUndone(log, evidence), ...howItIsUndone(log, evidence)].map(
      (each) => `${row.execution_id}: ${each}`,
    )
  })
}

/** Calls that can be taken back and may have happened, by the log. */
function begunIn(log: ExecutionLog, { executions }: Evidence): Set<number> {
  const begun = new Set(ofType(log, 'step.started').map((entry) => dataOf(entry).ordinal))
  for (const { ordinal, child_execution_id } of ofType(log, 'child.called').map(dataOf)) {
    const child = executions.find(({ row }) => row.execution_id === child_execution_id)
    if (child && askedOf(child).undoable) begun.add(ordinal)
  }
  return new Set([...begun].filter((ordinal) => !tookBackItself(log, ordinal)))
}

/** A child that did not complete. */
const tookBackItself = (log: ExecutionLog, of: number): boolean =>
  ofType(log, 'child.returned')
    .map(dataOf)
    .some(({ ordinal, status }) => ordinal === of && status !== 'completed')

function whatIsUndone(log: ExecutionLog, evidence: Evidence): string[] {
  const { row } = log
  const undone = ofType(log, 'saga.step_undone').map((entry) => dataOf(entry).ordinal)
  const byHand = ofType(log, 'saga.step_settled').map((entry) => dataOf(entry).ordinal)
  const all = [...undone, ...byHand]
  const saw: string[] = []
  if (row.status === 'completed' && all.length > 0) saw.push(`completed, and ${all.join()} were undone.`)
  if (new Set(all).size !== all.length) saw.push(`some of ${all.join()} were undone twice.`)
  if (undone.some((ordinal, i) => ordinal >= (undone[i - 1] ?? Infinity)))
    saw.push(`undone in the order ${undone.join()}.`)
  if (row.status === 'completed' || endsAsItIs(log)) return saw
  const begun = begunIn(log, evidence)
  const missed = [...begun].filter((ordinal) => !all.includes(ordinal))
  if (missed.length > 0) saw.push(`${row.status}, and ${missed.join()} were not undone.`)
  // Somebody may have settled a call that has no undo, or of a child that took back itself what it did.
  const toUndo = all.filter((ordinal) => begun.has(ordinal))
  if (row.compensated !== toUndo.length > 0)
    saw.push(`compensated=${row.compensated}, and ${toUndo.join()} were undone.`)
  return saw
}

/** What each undo was given is what the log had of its step by then. */
function howItIsUndone(log: ExecutionLog, { outside, witness }: Evidence): string[] {
  const { execution_id } = log.row
  const results = new Map<number, { text: string; order: number }>()
  for (const entry of ofType(log, 'step.completed', 'child.returned')) {
    const { ordinal, status } = dataOf(entry)
    if (status !== undefined && status !== 'completed') continue
    const text = JSON.stringify(secretOf(entry)['result'])
    results.set(ordinal, { text, order: witness.whenDurable(entry.type, execution_id, ordinal)?.order ?? Infinity })
  }
  const runs = runsOf(log, outside.undos)
  const saw: string[] = []
  for (const { key, outcome, result, began } of runs) {
    const ordinal = Number(key.slice(execution_id.length + 1))
    const known = results.get(ordinal)
    const recorded = known && known.order < began.order ? known.text : null
    const expected = recorded === null ? 'unknown' : 'done'
    if (outcome !== expected) saw.push(`the undo of ${ordinal} was told ${outcome}, and the log says ${expected}.`)
    else if (recorded !== null && JSON.stringify(result) !== recorded)
      saw.push(`the undo of ${ordinal} was given another result.`)
    const durable = witness.whenDurable('saga.step_undone', execution_id, ordinal)
    if (durable && began.order > durable.order) saw.push(`the undo of ${ordinal} ran again after it was recorded.`)
  }
  for (const entry of ofType(log, 'saga.step_undone')) {
    const { ordinal } = dataOf(entry)
    const key = `${execution_id}/${ordinal}`
    if (!runs.some((run) => run.key === key && run.succeeded))
      saw.push(`the undo of ${ordinal} is recorded and did not succeed.`)
  }
  return saw
}

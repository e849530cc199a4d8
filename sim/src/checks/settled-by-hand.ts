// What a person settles of a parked execution is as the person said: a step counts as undone and is not undone again, or the
// execution ends as it is. Nothing else settles anything.

import { isFinal } from '@biplane/protocol'

import { type Evidence, type ExecutionLog, dataOf, ofType } from '../evidence.ts'

export function settledByHand(evidence: Evidence): string[] {
  return evidence.executions.flatMap((log) =>
    [...steps(log, evidence), ...asItIs(log, evidence)].map((each) => `${log.row.execution_id}: ${each}`),
  )
}

/** Whether it was ended by hand, with whatever was not undone: nothing is between its end and its being parked. */
export function endsAsItIs({ row, entries }: ExecutionLog): boolean {
  const before = entries.slice(0, -1).findLast(({ kind }) => DECIDING.includes(kind))
  return isFinal(row.status) && before?.type === PARKED
}

const DECIDING: readonly string[] = ['lifecycle', 'saga']
const PARKED = 'execution.parked'

function steps(log: ExecutionLog, { observed, outside, witness }: Evidence): string[] {
  const { execution_id } = log.row
  const asked = observed.settles.filter(({ execution }) => execution === execution_id)
  const entries = ofType(log, 'saga.step_settled')
  const saw: string[] = []
  for (const { step, done } of asked) {
    if (done && step !== null && !entries.some((entry) => dataOf(entry).ordinal === step))
      saw.push(`somebody was told that step ${step} is settled, and the log does not say so.`)
  }
  for (const entry of entries) {
    const { ordinal } = dataOf(entry)
    const before = log.entries.filter(({ seq }) => seq < entry.seq)
    if (before.findLast(({ kind }) => DECIDING.includes(kind))?.type !== PARKED)
      saw.push(`step ${ordinal} was settled when it was not parked.`)
    if (!asked.some(({ step }) => step === ordinal)) saw.push(`nobody settled step ${ordinal}.`)
    const settled = witness.whenDurable(entry.type, execution_id, ordinal)?.order ?? Infinity
    if (outside.undos.some(({ key, began }) => key === `${execution_id}/${ordinal}` && began.order > settled))
      saw.push(`step ${ordinal} was undone after it had been settled.`)
  }
  return saw
}

function asItIs(log: ExecutionLog, { observed }: Evidence): string[] {
  const { execution_id, compensated } = log.row
  const asked = observed.settles.filter(({ execution, step }) => execution === execution_id && step === null)
  if (!endsAsItIs(log)) {
    return asked.some(({ done }) => done) ? ['somebody was told that it ends as it is, and it does not.'] : []
  }
  const saw: string[] = []
  if (asked.length === 0) saw.push('it ended as it was, and nobody settled it.')
  if (compensated) saw.push('it ended as it was, and says that it was compensated.')
  return saw
}

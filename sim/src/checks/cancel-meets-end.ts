// G10: whatever ends an execution first, it ends once, nothing of it follows, and everyone is told the same.

import { isFinal } from '@biplane/protocol'

import { ENDS, type Evidence, ofType } from '../evidence.ts'

export function cancelMeetsEnd({ executions, observed }: Evidence): string[] {
  const saw: string[] = []
  const rows = new Map(executions.map(({ row }) => [row.execution_id, row]))
  for (const log of executions) {
    const { execution_id, status } = log.row
    const ends = ofType(log, ...ENDS)
    if (ends.length > 1) saw.push(`${execution_id} ended ${ends.length} times.`)
    if (isFinal(status) && ends.at(-1) !== log.entries.at(-1)) {
      saw.push(`${execution_id} has ${log.entries.at(-1)?.type} after its end.`)
    }
  }
  for (const { execution, status } of observed.statuses) {
    const now = rows.get(execution)?.status
    if (isFinal(status) && status !== now) saw.push(`A client was told that ${execution} is ${status}; it is ${now}.`)
  }
  return saw
}

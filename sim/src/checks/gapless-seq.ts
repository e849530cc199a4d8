// G5: a session's seq is exactly 1..n, and an execution's log is its part of that, in the same order.

import type { Evidence } from '../evidence.ts'

export function gaplessSeq({ sessions, executions }: Evidence): string[] {
  const saw: string[] = []
  const seqs = new Map<string, number[]>()
  for (const { session, entries } of sessions) {
    const wrong = entries.findIndex(({ seq }, i) => seq !== i + 1)
    if (wrong !== -1) saw.push(`Entry ${wrong + 1} of ${session} has seq ${entries[wrong]?.seq}.`)
    const poses = entries.map(({ pos }) => pos)
    if (poses.some((pos, i) => pos <= (poses[i - 1] ?? -1)))
      saw.push(`The entries of ${session} are not in the order of commits.`)
    for (const { execution_id, seq } of entries) {
      if (execution_id !== null) seqs.set(execution_id, [...(seqs.get(execution_id) ?? []), seq])
    }
  }
  for (const { row, entries } of executions) {
    const inSession = (seqs.get(row.execution_id) ?? []).join()
    if (entries.map(({ seq }) => seq).join() !== inSession)
      saw.push(`${row.execution_id} has another log than its session.`)
  }
  return saw
}

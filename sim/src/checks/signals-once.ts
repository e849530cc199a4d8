// A signal is recorded once however often it is sent, is taken at most once, and is never lost once its sender was told.

import { type Evidence, dataOf, ofType } from '../evidence.ts'

export function signalsOnce({ executions, observed }: Evidence): string[] {
  const saw: string[] = []
  const received = new Map<string, number>()
  for (const log of executions) {
    for (const type of ['signal.received', 'signal.taken'] as const) {
      const counts = Map.groupBy(ofType(log, type), (entry) => dataOf(entry).signal_id)
      for (const [id, entries] of counts) {
        if (entries.length > 1) saw.push(`${log.row.execution_id} has ${type} of ${id} ${entries.length} times.`)
        if (type === 'signal.received') received.set(`${log.row.execution_id} ${id}`, entries.length)
      }
    }
  }
  for (const { execution, signal_id } of observed.signals) {
    if (!received.has(`${execution} ${signal_id}`))
      saw.push(`The signal ${signal_id} to ${execution} was acknowledged and is not in the log.`)
  }
  return saw
}

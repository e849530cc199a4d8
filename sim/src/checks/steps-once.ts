// G4: a step's result is recorded at most once, and from then on its body does not run again.

import { type Evidence, dataOf, ofType } from '../evidence.ts'

export function stepsOnce({ executions, outside, witness }: Evidence): string[] {
  const saw: string[] = []
  const recorded = new Map<string, number>()
  for (const log of executions) {
    const { execution_id } = log.row
    const ends = [
      ...ofType(log, 'step.completed'),
      ...ofType(log, 'step.failed').filter((entry) => dataOf(entry).final),
    ]
    for (const [ordinal, of] of Map.groupBy(ends, (entry) => dataOf(entry).ordinal)) {
      if (of.length > 1) saw.push(`Step ${ordinal} of ${execution_id} ended ${of.length} times in the log.`)
      const durable = witness.whenDurable('step.completed', execution_id, ordinal)
      if (durable) recorded.set(`${execution_id}/${ordinal}`, durable.order)
    }
  }
  for (const { key, attempt, began } of outside.bodies) {
    const order = recorded.get(key)
    if (order !== undefined && began.order > order) {
      saw.push(`The body of ${key} ran again (attempt ${attempt}) after its result was durable.`)
    }
  }
  return saw
}

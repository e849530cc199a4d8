// Children that are waited for end before their parent takes anything back, or have had their time to.

import { type Evidence, dataOf, ofType } from '../evidence.ts'

/** How long a parent waits for a child that it cancelled. */
const CHILD_GRACE_MS = 60_000

export function childrenFirst({ executions }: Evidence): string[] {
  const logs = new Map<string, Evidence['executions'][number]>(executions.map((log) => [log.row.execution_id, log]))
  return executions.flatMap((log) => {
    const undone = ofType(log, 'saga.step_undone')[0]
    if (!undone) return []
    return ofType(log, 'child.called').flatMap((entry) => {
      const { detached, child_execution_id } = dataOf(entry)
      const child = logs.get(child_execution_id ?? '')
      if (detached) return []
      if (!child) return [`${log.row.execution_id} called ${child_execution_id}, which is not there.`]
      // What is parked waits for a person, and is not waited for longer than that.
      if (ofType(child, 'execution.parked').some(({ pos }) => pos < undone.pos)) return []
      const [cancelling] = ofType(child, 'execution.cancelling')
      if (cancelling && undone.time_ms - cancelling.time_ms >= CHILD_GRACE_MS) return []
      const end = child.entries.at(-1)
      if (end && end.pos < undone.pos) return []
      return [`${log.row.execution_id} undid a step before its child ${child_execution_id} had ended.`]
    })
  })
}

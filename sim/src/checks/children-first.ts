// Children that are waited for end before their parent takes anything back, or have had their time to.

import type { Entry } from '@biplane/runtime/store-port'

import { type Evidence, type ExecutionLog, dataOf, ofType } from '../evidence.ts'

/** How long a parent waits for a child that it cancelled (CHILD_GRACE_MS of the engine). */
const CHILD_GRACE_MS = 60_000

export function childrenFirst({ executions }: Evidence): string[] {
  const logs = new Map<string, ExecutionLog>(executions.map((log) => [log.row.execution_id, log]))
  return executions.flatMap((log) => {
    const undone = ofType(log, 'saga.step_undone')[0]
    if (!undone || hasWaited(log)) return []
    return ofType(log, 'child.called').flatMap((entry) => {
      const { detached, child_execution_id } = dataOf(entry)
      const child = logs.get(child_execution_id ?? '')
      if (detached) return []
      if (!child) return [`${log.row.execution_id} called ${child_execution_id}, which is not there.`]
      // What is parked waits for a person, and is not waited for longer than that.
      if (ofType(child, 'execution.parked').some(({ pos }) => pos < undone.pos)) return []
      const end = child.entries.at(-1)
      if (end && end.pos < undone.pos) return []
      return [`${log.row.execution_id} undid a step before its child ${child_execution_id} had ended.`]
    })
  })
}

/** Between the last thing that it did and the beginning of its undo it has given its children their time. */
function hasWaited(log: ExecutionLog): boolean {
  const [begun] = ofType(log, 'saga.compensating')
  if (!begun) return false
  const last = log.entries.findLast((entry) => entry.seq < begun.seq && !comesFromOutside(entry))
  return begun.time_ms - (last?.time_ms ?? 0) >= CHILD_GRACE_MS
}

const comesFromOutside = ({ type }: Entry): boolean => type === 'signal.received' || type === 'child.returned'

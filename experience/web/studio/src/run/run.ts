// What became of an intent, as the events of its execution tell it. Everything that a page shows of work under way is made of this,
// so that a reload, or another tab, shows the same.

import { type ExecutionSoFar, foldExecution } from '@biplane/client'
import type { Event } from '@biplane/protocol'

export interface Run {
  execution: ExecutionSoFar
  /** What the realm said, by the type of its event: the last of each. */
  said: Readonly<Record<string, unknown>>
  /** What a person decided. */
  decision: { approved: boolean; by: string | null; reason: string | null } | null
  isCancelling: boolean
}

/** The runs that these events are of, by execution; or that of one alone. What began before these events is left aside. */
export function runsOf(events: readonly Event[], only?: string): ReadonlyMap<string, Run> {
  const runs = new Map<string, Run>()
  for (const event of events) {
    if (!('execution_id' in event) || (only !== undefined && event.execution_id !== only)) continue
    const before = runs.get(event.execution_id) ?? null
    const execution = foldExecution(before?.execution ?? null, event, event.execution_id)
    if (execution !== null) runs.set(event.execution_id, next(before, execution, event))
  }
  return runs
}

function next(before: Run | null, execution: ExecutionSoFar, event: Event): Run {
  const { said, decision, isCancelling } = before ?? { said: {}, decision: null, isCancelling: false }
  if (event.kind === 'emitted')
    return { execution, said: { ...said, [event.type]: event.data }, decision, isCancelling }
  if (event.type === 'execution.cancelling') return { execution, said, decision, isCancelling: true }
  if (event.kind === 'signal' && event.type === 'signal.taken' && event.data.approved !== undefined) {
    const { approved, by = null, reason = null } = event.data
    return { execution, said, decision: { approved, by, reason }, isCancelling }
  }
  return { execution, said, decision, isCancelling }
}

/** What the step at work says of itself; null once that step is over. */
export function progressOf({ execution }: Run): ExecutionSoFar['progress'] {
  const { progress, steps, ended_at } = execution
  if (progress === null || ended_at !== undefined) return null
  const isOver = steps.some(({ name, status }) => name === progress.step && status === 'completed')
  return isOver ? null : progress
}

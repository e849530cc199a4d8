// What a person can do to an execution, as it stands.

import { type Event, type Execution, type Status, isFinal } from '@biplane/protocol'

import type { Who } from '../../../ui/connect/who.ts'
import { beginsAgain } from '../log/about.ts'

export const ACTS = ['resume', 'pause', 'cancel', 'settle', 'retry', 'fork', 'signal'] as const
export type Act = (typeof ACTS)[number]

/** Where an act makes sense; the runtime refuses it elsewhere, or it would change nothing. */
export function actsFor(status: Status): Act[] {
  if (isFinal(status)) return status === 'superseded' ? ['retry'] : ['retry', 'fork']
  switch (status) {
    case 'accepted':
    case 'running':
    case 'waiting':
      return ['pause', 'cancel', 'signal']
    case 'paused':
      return ['resume', 'cancel', 'signal']
    case 'parked':
      return ['resume', 'settle']
    default:
      return []
  }
}

/** Why this person may not; null if they may. */
export function whyNot(act: Act, { role, scopes }: Pick<Who, 'role' | 'scopes'>): string | null {
  const needed = act === 'signal' ? 'intent:submit' : 'execution:operate'
  if (scopes.includes(needed)) return null
  return `Your role ${role} may look and not act: this needs the scope ${needed}. Whoever gives out roles can give you one that has it.`
}

/** The types of entries that an act leaves; of retry and fork it is the beginning of another execution. */
const TRACES: Record<Exclude<Act, 'retry' | 'fork'>, readonly Event['type'][]> = {
  resume: ['execution.continued'],
  pause: ['execution.paused'],
  cancel: ['execution.cancelling', 'execution.cancelled'],
  settle: ['saga.step_settled', 'execution.failed', 'execution.cancelled'],
  signal: ['signal.received'],
}

/** The entry that an act left in the log; undefined until it has come. `behindSeq`: the last entry before. */
export function traceOf(act: Act, events: readonly Event[], behindSeq: number, executionId: string): Event | undefined {
  const isTrace = (event: Event) =>
    act === 'retry' || act === 'fork' ? beginsAgain(event, executionId) : TRACES[act].includes(event.type)
  return events.find((event) => event.seq > behindSeq && isTrace(event))
}

/** Steps that an undo of failed, which a person may have undone by hand. */
export const settleable = ({ steps }: Execution) =>
  steps.filter(({ status, error }) => status === 'completed' && error !== undefined)

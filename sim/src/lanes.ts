// The lanes that executions share, as the evidence has them: in each, who was accepted, began and ended, and when.

import { isFinal } from '@biplane/protocol'
import type { Entry } from '@biplane/runtime/store-port'

import { ENDS, type Evidence, type ExecutionLog, askedOf, dataOf, ofType } from './evidence.ts'
import { BOUNDS, type Bounds, isLimited } from './intents.ts'

export interface Lane {
  name: string
  bounds: Bounds
  /** In the order in which they were accepted. */
  members: Member[]
}

export interface Member {
  log: ExecutionLog
  tenant: string
  priority: number
  accepted: Entry
  /** It began when it was accepted. */
  atOnce: boolean
  /** It left the queue: it began, or will not. Null if it did neither. */
  left: Entry | null
  /** It was begun from the queue, or at once. */
  started: Entry | null
  ended: Entry | null
}

export function lanesOf({ executions }: Evidence): Lane[] {
  const lanes = new Map<string, Lane>()
  for (const log of executions.toSorted((a, b) => (a.entries[0]?.pos ?? 0) - (b.entries[0]?.pos ?? 0))) {
    const { intent_type, lane } = askedOf(log)
    const bounds = BOUNDS[intent_type]
    if (!bounds || !isLimited(bounds)) continue
    const name = `${intent_type} ${lane}`
    const known = lanes.get(name) ?? { name, bounds, members: [] }
    known.members.push(memberOf(log))
    lanes.set(name, known)
  }
  return [...lanes.values()]
}

function memberOf(log: ExecutionLog): Member {
  const [accepted, second] = log.entries as [Entry, Entry | undefined]
  const started = ofType(log, 'execution.started')[0] ?? null
  const last = log.entries.at(-1) as Entry
  const follows = started === second && started?.pos === accepted.pos + 1
  return {
    log,
    tenant: log.row.tenant_id,
    priority: askedOf(log).priority,
    accepted,
    atOnce: follows && started?.time_ms === accepted.time_ms,
    left: ofType(log, 'execution.started', 'execution.paused', ...ENDS)[0] ?? null,
    started,
    ended: isFinal(log.row.status) ? last : null,
  }
}

/** Whether a person stopped it before its turn: then it is not in the queue any more, and goes on when it is let. */
export const gaveUpItsTurn = ({ left }: Member): boolean => left?.type === 'execution.paused'

/** Whether a person had it begun again. */
export function isAgain({ accepted }: Member): boolean {
  const { retry_of, fork_of } = dataOf(accepted)
  return retry_of !== undefined || fork_of !== undefined
}

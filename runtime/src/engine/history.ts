// What is known of an execution: the records that its handler is to be handed again, and where each step, wait, child and signal
// stands. It is read from the log when an execution comes to memory, and kept up to date while it is there.

import type { ExecutionId, Failure } from '@biplane/protocol'
import type { Signal } from '@biplane/realm'
import type { Answer, Call, Recorded } from '@biplane/realm/port'

import { type Actor, actorOf } from './actor.ts'
import { NO_PLACE, type Place } from './place.ts'

/** Of a step, or of a child that can be taken back. */
export interface StepHistory {
  call: Call
  /** `step.started` is in the log: it may have happened, and must be undone. */
  started: boolean
  /** Attempts that failed. */
  failures: number
  /** When the next attempt is due; 0: at once. */
  retry_at_ms: number
  /** How it ended, if it did. */
  end: 'completed' | 'failed' | null
  /** Its recorded result, as JSON text, if it can be taken back: an undo gets one that nobody has changed. Null: there is none. */
  result: string | null
  undone: boolean
  undoFailures: number
}

export interface CancelRequest extends Actor {
  mode: 'cooperative' | 'kill'
  /** Why, if nobody asked for it; then the execution ends as failed. */
  error?: Failure
}

/** A signal that was recorded. */
export interface ReceivedSignal {
  name: string
  signal: Signal
  approved?: boolean
  /** Its sender decides no approval that is assigned to somebody else. */
  own_only?: boolean
  taken: boolean
}

/** Of one name. */
export interface Approvals {
  /** Those asked and not decided, by `callId`: who is to decide; null if anybody may. */
  open: Map<string, string | null>
  /** How the last one ended; null if none has. */
  ended: 'approved' | 'refused' | 'expired' | null
}

interface AskedApproval {
  assignee?: string | null | undefined
}

export interface ChildHistory {
  execution_id: ExecutionId
  /** The ordinal of the timer by which its end wakes its parent. */
  timer: number
}

/** An execution that another goes on from, and the last entry that they share. */
export interface Fork {
  execution_id: ExecutionId
  through_seq: number
}

export interface History {
  payload: unknown
  accepted: { seq: number; time_ms: number }
  /** The replay rules that its records were made by: those it began by, and what it was forked from. */
  replay: number
  records: Recorded[]
  /** By the step's call, as `callId` names it. */
  steps: Map<string, StepHistory>
  /** Sleeps and waits that began and have not ended, by `callId`: the ordinals of their timers. */
  waiting: Map<string, number>
  /** Children that are waited for and have not returned, by `callId`. */
  children: Map<string, ChildHistory>
  /** By their ids, in the order they came. */
  signals: Map<string, ReceivedSignal>
  /** Approvals by name: how the last one stands. */
  approvals: Map<string, Approvals>
  cancel: CancelRequest | null
  /** Why it is being compensated; null if it is not. */
  compensating: Failure | null
  /** What stopped it, while it is paused or parked; null if a person did. */
  stopped: Failure | null
  place: Place
  /** How many executions called each other down to this one; 0 if nobody called it. */
  depth: number
  /** Where it was forked from. What is before the fork keeps the chance of the execution that it is of. */
  forks: Fork[]
  /** Restarts since the last entry that was progress. */
  recoveries: number
  entries: number
}

/** Names a call where its ordinal may vary (by name and key) and where it may not (by ordinal). */
export const callId = ({ ordinal, name, key }: Call): string => (key === undefined ? String(ordinal) : `${name}/${key}`)

export const newStep = (call: Call): StepHistory => ({
  call,
  started: false,
  failures: 0,
  retry_at_ms: 0,
  end: null,
  result: null,
  undone: false,
  undoFailures: 0,
})

export interface Beginning {
  payload: unknown
  seq: number
  time_ms: number
  replay: number
  entries: number
  depth?: number
  place?: Place
}

/** Of an intent that was just accepted: nothing is recorded but that. */
export const freshHistory = (beginning: Beginning): History => ({
  payload: beginning.payload,
  accepted: { seq: beginning.seq, time_ms: beginning.time_ms },
  replay: beginning.replay,
  records: [],
  steps: new Map(),
  waiting: new Map(),
  children: new Map(),
  signals: new Map(),
  approvals: new Map(),
  cancel: null,
  compensating: null,
  stopped: null,
  place: beginning.place ?? NO_PLACE,
  depth: beginning.depth ?? 0,
  forks: [],
  recoveries: 0,
  entries: beginning.entries,
})

export function askApproval({ approvals }: History, call: Call, { assignee = null }: AskedApproval): void {
  const { open, ended } = approvals.get(call.name) ?? { open: new Map<string, string | null>(), ended: null }
  approvals.set(call.name, { open: open.set(callId(call), assignee), ended })
}

/** False if the call was none: a plain wait may have the name of an approval. */
export function endApproval({ approvals }: History, call: Call, ended: NonNullable<Approvals['ended']>): boolean {
  const approval = approvals.get(call.name)
  if (!approval?.open.delete(callId(call))) return false
  approval.ended = ended
  return true
}

/** Whether its sender may decide what is for `assignee`; null: for anybody. */
export const mayDecide = (assignee: string | null, { signal, own_only = false }: ReceivedSignal): boolean =>
  !own_only || assignee === null || assignee === signal.by

/** What a wait is answered with the signal that it takes. */
export function answerOf({ signal, approved }: ReceivedSignal, isApproval: boolean): Answer {
  if (!isApproval || approved) return { kind: 'signal', signal }
  return { kind: 'refused', ...actorOf(signal) }
}

export const signalOf = (entry: { time_ms: number }, id: string, actor: Actor, payload: unknown): Signal => ({
  payload: payload ?? null,
  id,
  ...actorOf(actor),
  at_ms: entry.time_ms,
})

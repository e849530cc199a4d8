// What is known of an execution: the records that its handler is to be handed again, and where each step, wait, child and signal
// stands. It is read from the log when an execution comes to memory, and kept up to date while it is there.

import type { ExecutionId, Failure, FinalStatus, Status } from '@biplane/protocol'
import type { Signal } from '@biplane/realm'
import type { Answer, Call, Recorded } from '@biplane/realm/port'

import type { Entry, ExecutionRow } from '../store/port.ts'

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
  /** Its recorded result; absent if it returned nothing or did not complete. */
  result?: unknown
  undone: boolean
  undoFailures: number
}

export interface Actor {
  by?: string
  reason?: string
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
  taken: boolean
}

/** Of one name. */
export interface Approvals {
  /** How many are asked and not decided. */
  open: number
  /** How the last one ended; null if none has. */
  ended: 'approved' | 'refused' | 'expired' | null
}

export interface ChildHistory {
  execution_id: ExecutionId
  /** The ordinal under which the child wakes its parent. */
  slot: number
}

/** How an execution ended. `result` is JSON text. */
export interface End {
  status: FinalStatus
  compensated: boolean
  result: string | null
  error: Failure | null
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
  /** The lane that it shares, and how urgent it is there. */
  lane: string | null
  priority: number
  /** How many executions called each other down to this one; 0 if nobody called it. */
  depth: number
  /** Where it was forked from. What is before the fork keeps the chance of the execution that it is of. */
  forks: { execution_id: ExecutionId; through_seq: number }[]
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
  undone: false,
  undoFailures: 0,
})

export interface Beginning {
  payload: unknown
  seq: number
  time_ms: number
  replay: number
  entries: number
  depth: number
  lane: string | null
  priority: number
}

/** Of an intent that was just accepted: nothing is recorded but that. */
export const freshHistory = ({
  payload,
  seq,
  time_ms,
  replay,
  entries,
  depth,
  lane,
  priority,
}: Beginning): History => ({
  payload,
  accepted: { seq, time_ms },
  replay,
  records: [],
  steps: new Map(),
  waiting: new Map(),
  children: new Map(),
  signals: new Map(),
  approvals: new Map(),
  cancel: null,
  compensating: null,
  stopped: null,
  depth,
  lane,
  priority,
  forks: [],
  recoveries: 0,
  entries,
})

export interface Fork {
  execution_id: ExecutionId
  through_seq: number
}

export function askApproval({ approvals }: History, name: string): void {
  const { open, ended } = approvals.get(name) ?? { open: 0, ended: null }
  approvals.set(name, { open: open + 1, ended })
}

export function endApproval({ approvals }: History, name: string, ended: NonNullable<Approvals['ended']>): void {
  approvals.set(name, { open: (approvals.get(name)?.open ?? 1) - 1, ended })
}

/** What a wait is answered with the signal that it takes. */
export function answerOf({ signal, approved }: ReceivedSignal, isApproval: boolean): Answer {
  if (!isApproval || approved) return { kind: 'signal', signal }
  const { by, reason } = signal
  return { kind: 'refused', ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) }
}

export const signalOf = (entry: { time_ms: number }, id: string, { by, reason }: Actor, payload: unknown): Signal => ({
  payload: payload ?? null,
  id,
  ...(by === undefined ? {} : { by }),
  ...(reason === undefined ? {} : { reason }),
  at_ms: entry.time_ms,
})

export interface Returned {
  status: Status
  error: Failure | null | undefined
  result: unknown
}

/** A child that did not complete has taken back itself what it did. */
export function endChild(step: StepHistory, { status, result }: Returned): void {
  step.started = status === 'completed'
  step.end = status === 'completed' ? 'completed' : 'failed'
  step.result = result
}

export function childAnswer(execution_id: ExecutionId | null, { status, error, result }: Returned): Answer {
  if (status === 'completed') return { kind: 'value', value: result }
  const failure = error ?? { code: `execution.${status}`, message: `The child ended as ${status}.` }
  return { kind: 'child_failed', execution_id, failure }
}

/** How an execution that has ended did so; its last entry says it. */
export function endOf(row: ExecutionRow, entries: readonly Entry[]): End {
  const last = JSON.parse(entries.at(-1)?.data ?? '{}') as { result?: unknown; error?: Failure }
  return {
    status: row.status as FinalStatus,
    compensated: row.compensated,
    result: last.result === undefined ? null : JSON.stringify(last.result),
    error: last.error ?? null,
  }
}

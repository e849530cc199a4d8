// What an execution's log says of it: the records that its handler is to be handed again, and where each step stands.

import { type Failure, type FinalStatus, msOf } from '@biplane/protocol'
import type { Answer, Call, Recorded } from '@biplane/realm/port'

import type { Entry, ExecutionRow } from '../store/port.ts'

export interface StepHistory {
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

export interface CancelRequest {
  mode: 'cooperative' | 'kill'
  by?: string
  reason?: string
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
  records: Recorded[]
  /** By the step's call, as `callId` names it. */
  steps: Map<string, StepHistory>
  /** Ordinals of sleeps that began and have not ended. */
  sleeping: Set<number>
  cancel: CancelRequest | null
  /** Why it is being compensated; null if it is not. */
  compensating: Failure | null
  /** Restarts since the last entry that was progress. */
  recoveries: number
  entries: number
}

/** Names a call where its ordinal may vary (by name and key) and where it may not (by ordinal). */
export const callId = ({ ordinal, name, key }: Call): string => (key === undefined ? String(ordinal) : `${name}/${key}`)

export const newStep = (): StepHistory => ({
  started: false,
  failures: 0,
  retry_at_ms: 0,
  end: null,
  undone: false,
  undoFailures: 0,
})

/** Of an intent that was just accepted: nothing is recorded but that. */
export const freshHistory = (payload: unknown, seq: number, time_ms: number, entries: number): History => ({
  payload,
  accepted: { seq, time_ms },
  records: [],
  steps: new Map(),
  sleeping: new Set(),
  cancel: null,
  compensating: null,
  recoveries: 0,
  entries,
})

/** Reads the entries of one execution, in order, from its `intent.accepted` on. */
export function readHistory(entries: readonly Entry[]): History {
  const first = entries[0]
  if (first?.type !== 'intent.accepted') throw new Error('An execution begins with intent.accepted.')
  const history = freshHistory(secretOf(first)['payload'], first.seq, first.time_ms, entries.length)
  for (const entry of entries) apply(history, entry)
  return history
}

function apply(history: History, entry: Entry): void {
  if (entry.type === 'execution.recovered') history.recoveries++
  else if (entry.kind !== 'progress') history.recoveries = 0
  switch (entry.kind) {
    case 'step':
      return applyStep(history, entry)
    case 'saga':
      return applySaga(history, entry)
    case 'state':
      return applyState(history, entry)
    case 'timer':
      return applyTimer(history, entry)
    case 'emitted': {
      const ordinal = secretOf(entry)['ordinal'] as number
      history.records.push({ kind: 'note', call: { ordinal, name: entry.type } })
      return
    }
    case 'lifecycle':
      if (entry.type === 'execution.cancelling') applyCancel(history, entry)
      return
    case 'session':
    case 'progress':
      return
    default:
      entry.kind satisfies never
  }
}

function applyStep(history: History, entry: Entry): void {
  const data = dataOf(entry)
  const step = stepOf(history, data)
  if (entry.type === 'step.started') step.started = true
  else if (entry.type === 'step.completed') {
    step.end = 'completed'
    step.result = secretOf(entry)['result']
    answer(history, entry, data, { kind: 'value', value: step.result })
  } else if (entry.type === 'step.failed') {
    step.failures++
    if (data.final) {
      step.end = 'failed'
      answer(history, entry, data, { kind: 'failure', failure: data.error })
    } else step.retry_at_ms = data.retry_at === undefined ? 0 : msOf(data.retry_at)
  }
}

function applyTimer(history: History, entry: Entry): void {
  const call = dataOf(entry)
  if (entry.type === 'execution.waiting') history.sleeping.add(call.ordinal)
  else {
    history.sleeping.delete(call.ordinal)
    answer(history, entry, call, { kind: 'value', value: undefined })
  }
}

function applySaga(history: History, entry: Entry): void {
  const data = dataOf(entry)
  if (entry.type === 'saga.compensating') history.compensating = data.error
  else if (entry.type === 'saga.step_undone') stepOf(history, data).undone = true
  else stepOf(history, data).undoFailures++
}

function applyState(history: History, entry: Entry): void {
  const data = dataOf(entry)
  const secret = secretOf(entry)
  if (entry.type === 'state.read') answer(history, entry, data, { kind: 'value', value: secret['versioned'] ?? null })
  else if (entry.type === 'state.refused') answer(history, entry, data, { kind: 'conflict', revision: data.revision })
  // An undo wrote it, not the handler.
  else if (secret['undo']) return
  else if (secret['asked']) answer(history, entry, data, { kind: 'value', value: data.revision })
  else history.records.push({ kind: 'note', call: data })
}

function applyCancel(history: History, entry: Entry): void {
  const cancel = JSON.parse(entry.data) as CancelRequest
  history.cancel = cancel
  history.sleeping.clear()
  const reason = cancel.reason === undefined ? {} : { reason: cancel.reason }
  if (cancel.mode === 'cooperative') {
    history.records.push({ kind: 'cancel', seq: entry.seq, time_ms: entry.time_ms, ...reason })
  }
}

function stepOf(history: History, call: Call): StepHistory {
  const id = callId(call)
  const known = history.steps.get(id)
  if (known) return known
  const step = newStep()
  history.steps.set(id, step)
  return step
}

function answer(history: History, entry: Entry, call: Call, given: Answer): void {
  history.records.push({ kind: 'answer', seq: entry.seq, time_ms: entry.time_ms, call, answer: given })
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

interface Data extends Call {
  error: Failure
  final?: boolean
  retry_at?: string
  revision: number
}

const dataOf = (entry: Entry): Data => JSON.parse(entry.data) as Data
const secretOf = (entry: Entry): { [field: string]: unknown } =>
  entry.secret === null ? {} : (JSON.parse(entry.secret) as { [field: string]: unknown })

// Reads what an execution's log says of it.

import { type Approval, type ExecutionId, type Failure, type Status, msOf } from '@biplane/protocol'
import type { Answer, Call } from '@biplane/realm/port'

import type { Entry } from '../store/port.ts'
import { callOf } from './entry.ts'
import type { Actor } from './actor.ts'
import {
  type Beginning,
  type CancelRequest,
  type Fork,
  type History,
  type StepHistory,
  answerOf,
  askApproval,
  callId,
  endApproval,
  freshHistory,
  newStep,
  signalOf,
} from './history.ts'
import { type Place, placeIn } from './place.ts'
import { childAnswer, endChild } from './returned.ts'

/** The execution that this one was forked from; null if it was not. */
export const forkOf = (entries: readonly Entry[]): Fork | null =>
  entries[0] ? ((JSON.parse(entries[0].data) as { fork_of?: Fork }).fork_of ?? null) : null

/** The number was not written down before there was a second one to tell it from. */
const replayOf = ({ data }: Entry): number => (JSON.parse(data) as { replay?: number }).replay ?? 1

/**
 * Reads the entries of one execution, in order, from its `intent.accepted` on. What was answered before the fork it began at
 * is in `inherited`: the handler is handed that again, and nothing else of it is this execution's.
 */
export function readHistory(entries: readonly Entry[], inherited: History | null = null): History {
  const first = entries[0]
  if (first?.type !== 'intent.accepted') throw new Error('An execution begins with intent.accepted.')
  const secret = secretOf(first) as Partial<Beginning & Place>
  const { payload, depth = 0 } = secret
  const { seq, time_ms } = inherited?.accepted ?? first
  const replay = inherited?.replay ?? replayOf(first)
  const place = placeIn(secret)
  const history = freshHistory({ payload, seq, time_ms, replay, entries: entries.length, depth, place })
  const fork = forkOf(entries)
  if (fork && inherited) {
    history.records = [...inherited.records]
    history.forks = [...inherited.forks, fork]
  }
  for (const entry of entries) apply(history, entry)
  return history
}

function apply(history: History, entry: Entry): void {
  if (entry.type === 'execution.recovered') history.recoveries++
  else if (!NO_PROGRESS.includes(entry.kind)) history.recoveries = 0
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
      return applyLifecycle(history, entry)
    case 'signal':
      return applySignal(history, entry)
    case 'child':
      return applyChild(history, entry)
    case 'stream': {
      const { attempt, ordinal, name } = dataOf(entry)
      // A step's own stream is none of the handler's.
      if (attempt === undefined) history.records.push({ kind: 'note', call: { ordinal, name } })
      return
    }
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
    const value = secretOf(entry)['result']
    step.end = 'completed'
    if (step.started) step.result = JSON.stringify(value ?? null)
    answer(history, entry, data, { kind: 'value', value })
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
  if (entry.type === 'execution.waiting') history.waiting.set(callId(call), call.ordinal)
  else {
    history.waiting.delete(callId(call))
    answer(history, entry, call, { kind: 'value', value: undefined })
  }
}

function applySaga(history: History, entry: Entry): void {
  const data = dataOf(entry)
  if (entry.type === 'saga.compensating') history.compensating = data.error
  else if (entry.type !== 'saga.undo_failed') stepOf(history, data).undone = true
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

function applyLifecycle(history: History, entry: Entry): void {
  if (entry.type === 'execution.cancelling') return applyCancel(history, entry)
  if (entry.type === 'execution.paused' || entry.type === 'execution.parked')
    history.stopped = dataOf(entry).error ?? null
  else if (entry.type === 'execution.continued') {
    history.stopped = null
    // A person has asked for it: no later one replaces it.
    history.place = { ...history.place, first_ms: null }
  }
}

function applySignal(history: History, entry: Entry): void {
  const data = dataOf(entry)
  const id = callId(data)
  if (entry.type === 'signal.received') {
    const { payload, own_only = false } = secretOf(entry) as { payload: unknown; own_only?: boolean }
    const signal = signalOf(entry, data.signal_id, data, payload)
    const approved = data.approved === undefined ? {} : { approved: data.approved }
    history.signals.set(data.signal_id, { name: data.name, signal, ...approved, own_only, taken: false })
  } else if (entry.type === 'signal.awaited') {
    history.waiting.set(id, data.ordinal)
    if (data.approval) askApproval(history, data, data.approval)
  } else {
    history.waiting.delete(id)
    if (entry.type === 'signal.taken') return applyTaken(history, entry, data)
    endApproval(history, data, 'expired')
    answer(history, entry, data, { kind: 'expired' })
  }
}

function applyTaken(history: History, entry: Entry, data: Data): void {
  const received = history.signals.get(data.signal_id)
  if (!received) throw new Error(`Signal ${data.signal_id} was taken before it was received.`)
  received.taken = true
  const isApproval = endApproval(history, data, data.approved ? 'approved' : 'refused')
  answer(history, entry, data, answerOf(received, isApproval))
}

function applyChild(history: History, entry: Entry): void {
  const data = dataOf(entry)
  const { child_execution_id: execution_id, ordinal } = data
  if (entry.type === 'child.called') {
    if (data.detached) return answer(history, entry, data, { kind: 'value', value: execution_id })
    history.children.set(callId(data), { execution_id, timer: ordinal })
    stepOf(history, data).started = true
    return
  }
  history.children.delete(callId(data))
  const { result } = secretOf(entry)
  const returned = { status: data.status, error: data.error, result }
  endChild(stepOf(history, data), returned)
  answer(history, entry, data, childAnswer(execution_id ?? null, returned))
}

function applyCancel(history: History, entry: Entry): void {
  const cancel = JSON.parse(entry.data) as CancelRequest
  history.cancel = cancel
  history.waiting.clear()
  history.stopped = null
  const reason = cancel.reason === undefined ? {} : { reason: cancel.reason }
  if (cancel.mode === 'cooperative') {
    history.records.push({ kind: 'cancel', seq: entry.seq, time_ms: entry.time_ms, ...reason })
  }
}

function stepOf(history: History, call: Call): StepHistory {
  const id = callId(call)
  const known = history.steps.get(id)
  if (known) return known
  const step = newStep(callOf(call))
  history.steps.set(id, step)
  return step
}

function answer(history: History, entry: Entry, call: Call, given: Answer): void {
  history.records.push({ kind: 'answer', seq: entry.seq, time_ms: entry.time_ms, call, answer: given })
}

/** Entries that say nothing of how far an execution came. */
const NO_PROGRESS: readonly Entry['kind'][] = ['progress', 'stream']

interface Data extends Call, Actor {
  error: Failure
  attempt?: number
  signal_id: string
  approved?: boolean
  approval?: Approval
  child_execution_id: ExecutionId
  detached: boolean
  status: Status
  final?: boolean
  retry_at?: string
  revision: number
}

const dataOf = (entry: Entry): Data => JSON.parse(entry.data) as Data
const secretOf = (entry: Entry): { [field: string]: unknown } =>
  entry.secret === null ? {} : (JSON.parse(entry.secret) as { [field: string]: unknown })

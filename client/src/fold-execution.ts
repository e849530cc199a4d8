// An execution as its events tell it, one after the other: what `GET /execution/{id}` answers, as far as events say it, and what only
// they say: progress, and streams as far as they have come. Pure: a new value for each event that changes something.

import type { Approval, Child, Event, Execution, ExecutionId, Failure, Progress, Status, Step } from '@biplane/protocol'
import { isFinal } from '@biplane/protocol'

import { foldStep } from './fold-step.ts'
import { type StreamSoFar, foldStreams } from './fold-streams.ts'
import type { AnyResult, Outcome } from './typed.ts'

type Known = Pick<Execution, 'execution_id' | 'intent_id' | 'session_id' | 'intent_type' | 'compensated' | 'created_at'>

export type ExecutionSoFar<T = AnyResult> = Known & {
  readonly steps: readonly Step[]
  /** The last that was told. */
  readonly progress: (Progress & { step?: string | undefined }) | null
  /** Signals and approvals that it waits for. */
  readonly awaits: readonly { ordinal: number; name: string; until?: string; approval?: Approval }[]
  /** Times that it waits for, RFC 3339. */
  readonly sleeps: readonly { ordinal: number; until: string }[]
  readonly children: readonly Child[]
  readonly streams: readonly StreamSoFar[]
  /** What it did is being taken back, or has been. */
  readonly undoing: boolean
  readonly started_at?: string
  readonly ended_at?: string
  readonly superseded_by?: ExecutionId
} & (
    | Outcome<T>
    | { readonly status: Exclude<Status, Outcome<T>['status']>; readonly result: null; readonly error: Failure | null }
  )

type Loose = Omit<ExecutionSoFar, 'status' | 'result' | 'error'> & Pick<Execution, 'status' | 'result' | 'error'>

/** `before`: null until the execution is accepted. Events of others change nothing. */
export function foldExecution<T = AnyResult>(
  before: ExecutionSoFar<T> | null,
  event: Event,
  executionId: string,
): ExecutionSoFar<T> | null {
  if (!('execution_id' in event) || event.execution_id !== executionId) return before
  const after = before === null ? begun(event) : next(before as Loose, event)
  return after as ExecutionSoFar<T> | null
}

function begun(event: Event): Loose | null {
  if (event.kind !== 'lifecycle' || event.type !== 'intent.accepted') return null
  const { execution_id, session_id, time, data } = event
  const { intent_id, intent_type } = data
  const known = { execution_id, intent_id, session_id, intent_type, created_at: time }
  const lists = { steps: [], awaits: [], sleeps: [], children: [], streams: [] }
  return {
    ...known,
    ...lists,
    status: 'accepted',
    compensated: false,
    result: null,
    error: null,
    progress: null,
    undoing: false,
  }
}

function next(before: Loose, event: Event): Loose {
  if (event.kind === 'lifecycle') return timed(lifecycle(before, event), event)
  if (event.kind === 'step') return { ...before, steps: foldStep(before.steps, event) }
  if (event.kind === 'stream') return { ...before, streams: foldStreams(before.streams, event.data) }
  if (event.kind === 'progress') return { ...before, progress: event.data }
  if (event.kind === 'saga') {
    if (event.type === 'saga.compensating') return { ...before, ...calm, status: 'compensating', undoing: true }
    return { ...before, steps: foldStep(before.steps, event) }
  }
  const after = waits(before, event)
  return after === before || !['running', 'waiting'].includes(before.status)
    ? after
    : { ...after, status: atWork(after) }
}

/** Nothing is waited for. */
const calm = { awaits: [], sleeps: [] }

type Of<K extends Event['kind']> = Extract<Event, { kind: K }>

function lifecycle(before: Loose, { type, data }: Of<'lifecycle'>): Loose {
  switch (type) {
    case 'intent.accepted':
      return before
    case 'execution.started':
    case 'execution.recovered':
      return before.undoing ? before : { ...before, status: atWork(before) }
    case 'execution.cancelling':
      return { ...before, ...calm, status: before.status === 'accepted' ? 'accepted' : 'running', error: null }
    case 'execution.paused':
    case 'execution.parked':
      return { ...before, status: type === 'execution.paused' ? 'paused' : 'parked', error: data.error ?? null }
    case 'execution.continued':
      return { ...before, status: continued(before), error: null }
    case 'execution.completed':
      return { ...before, status: 'completed', result: data.result, error: null }
    case 'execution.failed':
      return { ...before, status: 'failed', error: data.error, compensated: data.compensated }
    case 'execution.cancelled':
      return { ...before, status: 'cancelled', error: null, compensated: data.compensated }
    case 'execution.superseded':
      return { ...before, status: 'superseded', superseded_by: data.superseded_by }
  }
}

function timed(execution: Loose, { type, time }: Event): Loose {
  if (type === 'execution.started') return { ...execution, started_at: execution.started_at ?? time }
  return isFinal(execution.status) ? { ...execution, ...calm, ended_at: time } : execution
}

function waits(before: Loose, event: Event): Loose {
  const { awaits, sleeps, children } = before
  if (event.kind === 'timer') {
    const { ordinal } = event.data
    const others = sleeps.filter((each) => each.ordinal !== ordinal)
    if (event.type === 'execution.resumed') return { ...before, sleeps: others }
    return { ...before, sleeps: [...others, { ordinal, until: event.data.until }] }
  }
  if (event.kind === 'signal' && event.type !== 'signal.received') {
    const { ordinal, name } = event.data
    const others = awaits.filter((each) => each.ordinal !== ordinal)
    if (event.type !== 'signal.awaited') return { ...before, awaits: others }
    const { until, approval } = event.data
    return { ...before, awaits: [...others, { ordinal, name, ...(until && { until }), ...(approval && { approval }) }] }
  }
  return event.kind === 'child' ? { ...before, children: foldChild(children, event) } : before
}

function foldChild(children: readonly Child[], { type, data }: Of<'child'>): Child[] {
  if (type === 'child.called') {
    const { ordinal, name: intent_type, child_execution_id: execution_id, detached } = data
    return [...children, { ordinal, execution_id, intent_type, detached }]
  }
  const { child_execution_id, status } = data
  return children.map((each) => (each.execution_id === child_execution_id ? { ...each, status } : each))
}

/** The runtime says `waiting` when there is nothing else to do, which events alone do not say: here, when anything is waited for. */
function atWork({ awaits, sleeps, children }: Loose): Status {
  const isWaiting = awaits.length + sleeps.length > 0 || children.some(({ detached, status }) => !detached && !status)
  return isWaiting ? 'waiting' : 'running'
}

/** Whoever had not begun waits for their turn again, and what was being undone goes on being undone. */
function continued(before: Loose): Status {
  if (before.undoing) return 'compensating'
  return before.started_at === undefined ? 'accepted' : atWork(before)
}

// Takes back what an execution's steps did: each undo is run until it succeeds, in the reverse of the order in which the
// steps were asked for, and recorded once. The undo functions come from the handler itself, replayed to the end of its log.

import type { ExecutionId, Failure, SessionId, TenantId } from '@biplane/protocol'
import type { Undo } from '@biplane/realm'
import { toFailure } from '@biplane/realm/error'
import type { UndoableAsk } from '@biplane/realm/port'

import { runAttempt, stepKey } from './attempt.ts'
import { callOf } from './entry.ts'
import { type StepHistory, callId } from './history.ts'
import type { Journal } from './journal.ts'
import { UNDO_ATTEMPTS_MAX } from './limits.ts'
import { paused } from './pause.ts'
import type { EngineParts } from './ports.ts'
import { pauseMs } from './retry.ts'
import { undoState } from './undo-state.ts'

/** An undo failed for good: an operator must decide. */
export class UndoFailed extends Error {
  override readonly name = 'UndoFailed'
  readonly failure: Failure

  constructor(step: string, cause: Failure) {
    super(`The undo of step ${step} failed: ${cause.message}`)
    this.failure = { code: 'saga.undo_failed', message: this.message }
  }
}

interface Saga {
  parts: EngineParts
  journal: Journal
  executionId: ExecutionId
  intentType: string
  tenantId: TenantId
  sessionId: SessionId
  /** Steps and calls with undo that the handler asked for. */
  undoable: readonly UndoableAsk[]
  historyOf(ask: UndoableAsk): StepHistory
  /** Why. */
  cause: Failure
  /** `saga.compensating` is in the log already. */
  begun: boolean
  /** Aborts when the process stops. */
  signal: AbortSignal
}

/** Answers whether anything was taken back. @throws UndoFailed */
export async function compensate(saga: Saga): Promise<boolean> {
  const happened = saga.undoable.filter((ask) => saga.historyOf(ask).started)
  if (happened.length === 0) return false
  if (!saga.begun) {
    const entry = saga.journal.entry('saga.compensating', { error: saga.cause })
    await saga.journal.commit([entry], { status: 'compensating' })
  }
  for (const ask of happened.toReversed()) {
    const step = saga.historyOf(ask)
    while (!step.undone) await undoOnce(saga, ask, step)
  }
  return true
}

async function undoOnce(saga: Saga, ask: UndoableAsk, step: StepHistory): Promise<void> {
  const { journal, parts } = saga
  const about = { execution_id: saga.executionId, intent_type: saga.intentType }
  const run = (signal: AbortSignal) => {
    const undo = undoInput(saga, ask, step, signal)
    return parts.performUndo ? parts.performUndo(ask, undo, about) : ask.options.undo?.(undo)
  }
  const attempt = { name: `undo of ${ask.name}`, run, timeoutMs: timeoutOf(ask), signal: saga.signal }
  const end = await runAttempt(attempt, parts.clock)
  saga.signal.throwIfAborted()
  if (end.kind === 'value') {
    await journal.commit([journal.entry('saga.step_undone', callOf(ask))], { status: 'compensating' })
    step.undone = true
    return
  }
  const error = toFailure(end.error)
  step.undoFailures++
  const final = step.undoFailures % UNDO_ATTEMPTS_MAX === 0
  const data = { ...callOf(ask), attempt: step.undoFailures, error, final }
  await journal.commit([journal.entry('saga.undo_failed', data)], { status: 'compensating' })
  if (final) throw new UndoFailed(ask.name, error)
  const ms = pauseMs(step.undoFailures, parts.random())
  await paused({ clock: parts.clock, ms, signal: saga.signal })
  saga.signal.throwIfAborted()
}

const timeoutOf = (ask: UndoableAsk) => (ask.kind === 'step' ? ask.options.timeoutMs : undefined)

function outcomeOf({ end, result }: StepHistory): Pick<Undo<unknown>, 'outcome' | 'result'> {
  if (end !== 'completed') return { outcome: 'unknown' }
  return { outcome: 'done', ...(result === null ? {} : { result: JSON.parse(result) as unknown }) }
}

const undoInput = (saga: Saga, ask: UndoableAsk, step: StepHistory, signal: AbortSignal) => ({
  ...outcomeOf(step),
  key: stepKey(saga.executionId, callId(ask)),
  signal,
  artifacts: saga.parts.artifacts.of(saga.tenantId, signal),
  state: undoState({ ...saga, store: saga.parts.store }, ask),
})

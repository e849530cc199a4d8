// How an execution leaves the running: completed, undone and then failed or cancelled, paused, or parked. Each is one commit.

import type { Failure } from '@biplane/protocol'
import { Cancelled } from '@biplane/realm/error'
import type { UndoableAsk } from '@biplane/realm/port'

import type { ExecutionRow } from '../store/port.ts'
import type { ExecutionHost } from './execution-host.ts'
import { type Actor, actorOf } from './actor.ts'
import type { CancelRequest, History } from './history.ts'
import type { Journal } from './journal.ts'
import type { EngineParts } from './ports.ts'
import type { End } from './returned.ts'
import { UndoFailed, compensate } from './saga.ts'
import type { Waits } from './waits.ts'
import type { Work } from './work.ts'

export interface Leaving {
  parts: EngineParts
  host: ExecutionHost
  row: ExecutionRow
  journal: Journal
  waits: Waits
  work: Work
  history: History
  /** Steps and calls with undo that the handler asked for. */
  undoable: readonly UndoableAsk[]
  /** Aborts when the process stops. Its signal is dear to make, so it is made when it is needed. */
  stopped: AbortController
}

export const PARENT_ENDED = 'The execution that called this one has ended.'

export class Finish {
  readonly #of: Leaving

  constructor(of: Leaving) {
    this.#of = of
  }

  /** `result` is JSON text. Children that nobody waits for any more are cancelled. */
  async complete(result: string): Promise<End> {
    const { journal, host, row, waits } = this.#of
    const { children } = waits
    // Nothing is waited for any more; its timers go with it.
    waits.drop()
    host.cancelChildren(row, children, { mode: 'cooperative', reason: PARENT_ENDED })
    const entry = { ...journal.entry('execution.completed', { result: null }), data: `{"result":${result}}` }
    await journal.commit([entry], { status: 'completed' })
    return { status: 'completed', compensated: false, result, error: null }
  }

  /** Null if it had to be parked on the way, or if the process stops. */
  async undo(status: 'failed' | 'cancelled', cause: Failure, cancel: CancelRequest | null): Promise<End | null> {
    const { host, row, waits, journal, stopped } = this.#of
    const { children } = waits
    // Nothing is waited for any more: a signal that comes now is kept, and wakes nobody.
    const clearTimers = waits.drop()
    if (clearTimers.length > 0) await journal.commit([], { clearTimers })
    // What was done last is undone first: children end before their parent undoes what came before them.
    if (children.length > 0) {
      await host.endChildren(row, children, { mode: cancel?.mode ?? 'cooperative', reason: PARENT_ENDED })
      if (stopped.signal.aborted) return null
      await waits.childrenReturned((child) => host.endOf(row, child))
    }
    const compensated = await this.#compensate(cause)
    if (compensated === null) return null
    const isCancel = status === 'cancelled'
    const entry = isCancel
      ? journal.entry('execution.cancelled', { compensated, ...actorOf(cancel) })
      : journal.entry('execution.failed', { error: cause, compensated })
    await journal.commit([entry], { status, compensated })
    return { status, compensated, result: null, error: isCancel ? null : cause }
  }

  /** Stopped by an error or, without one, by a person. */
  async pause(error: Failure | null, actor: Actor): Promise<void> {
    const { work, waits, journal } = this.#of
    await work.stop(new Cancelled('The execution is paused.'))
    const entry = journal.entry('execution.paused', { ...(error && { error }), ...actor })
    await journal.commit([entry], { status: 'paused', clearTimers: waits.drop() })
  }

  async park(error: Failure): Promise<void> {
    const { journal, waits } = this.#of
    await journal.commit([journal.entry('execution.parked', { error })], {
      status: 'parked',
      clearTimers: waits.drop(),
    })
  }

  /** Whether anything was taken back; null if it had to be parked on the way. */
  async #compensate(cause: Failure): Promise<boolean | null> {
    const { parts, row, journal, work, history, undoable, stopped } = this.#of
    try {
      return await compensate({
        parts,
        journal,
        executionId: row.execution_id,
        tenantId: row.tenant_id,
        sessionId: row.session_id,
        intentType: row.intent_type,
        undoable,
        historyOf: (ask) => work.historyOf(ask),
        cause,
        begun: history.compensating !== null,
        signal: stopped.signal,
      })
    } catch (error) {
      if (!(error instanceof UndoFailed)) throw error
      await this.park(error.failure)
      return null
    }
  }
}

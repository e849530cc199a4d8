// What a person does to an execution: cancel, pause, resume, settle, signal. Each is one entry that says who and why, and doing it
// again changes nothing.

import { type ExecutionId, ProblemError, type TenantId, isFinal } from '@biplane/protocol'

import type { ExecutionRow, Timer } from '../store/port.ts'
import { toMs } from '@biplane/realm/duration'
import { graceOf } from './cancel-grace.ts'
import { type Actor, type CancelRequest, type End, type History, type ReceivedSignal, signalOf } from './history.ts'
import { TIMEOUT_SLOT } from './execution-host.ts'
import { SIGNALS_MAX } from './limits.ts'
import type { Journal } from './journal.ts'
import type { EngineParts } from './ports.ts'
import type { Residents } from './residents.ts'

export interface SignalRequest extends Actor {
  name: string
  signal_id: string
  payload: unknown
  approved?: boolean
}

export class Operator {
  readonly #parts: EngineParts
  readonly #residents: Residents
  readonly #ended: (row: ExecutionRow, end: End) => void

  constructor(parts: EngineParts, residents: Residents, ended: (row: ExecutionRow, end: End) => void) {
    this.#parts = parts
    this.#residents = residents
    this.#ended = ended
  }

  /**
   * Resolves when the cancel is recorded; what has ended, is being undone or is parked is left as it is. The first of a cancel
   * and an end wins: read the execution's status for which.
   */
  async cancel(asked: ExecutionRow, request: CancelRequest): Promise<void> {
    const { tenant_id, execution_id } = asked
    const recorded = await this.#residents.with(
      execution_id,
      (live) => live.cancel(request),
      async () => {
        const { row, history } = await this.#read(tenant_id, execution_id)
        if (isFinal(row.status) || row.status === 'compensating' || row.status === 'parked') return true
        const journal = this.#residents.journalOf(row, history)
        if (row.status === 'accepted') {
          await this.#endUnbegun(row, journal, request)
          return true
        }
        const clearTimers = [...history.waiting.values()]
        const entry = journal.entry('execution.cancelling', request)
        const setTimers = graceOf(row, request, entry.time_ms)
        await journal.commit([entry], { status: 'running', clearTimers, setTimers })
        await this.#residents.load({ ...row, status: 'running' })
        return true
      },
    )
    // What was being paused is paused now.
    if (!recorded) await this.cancel(asked, request)
  }

  /** @throws ProblemError execution_compensating, execution_final */
  async pause({ tenant_id, execution_id }: ExecutionRow, actor: Actor): Promise<void> {
    const paused = await this.#residents.with(
      execution_id,
      (live) => live.pauseFor(actor),
      async () => {
        const { row, history } = await this.#read(tenant_id, execution_id)
        if (row.status === 'paused') return true
        if (row.status === 'parked') throw new ProblemError('execution_compensating', 'The execution is parked.')
        refuseFinal(row)
        if (history.cancel || history.compensating) return false
        const journal = this.#residents.journalOf(row, history)
        const clearTimers = [...history.waiting.values()]
        await journal.commit([journal.entry('execution.paused', actor)], { status: 'paused', clearTimers })
        this.#residents.lanes.leave(row)
        return true
      },
    )
    if (paused) return
    const row = await this.#row(tenant_id, execution_id)
    refuseFinal(row)
    if (row.status !== 'paused') throw new ProblemError('execution_compensating')
  }

  /** What is paused goes on, and what is parked is tried again; anything else goes on already. @throws ProblemError execution_final */
  async resume({ tenant_id, execution_id }: ExecutionRow, actor: Actor): Promise<void> {
    await this.#residents.with(
      execution_id,
      () => {},
      async () => {
        const { row, history } = await this.#read(tenant_id, execution_id)
        refuseFinal(row)
        if (row.status === 'paused' || row.status === 'parked') await this.#continue(row, history, actor)
      },
    )
  }

  /** Its time is up before its turn came. Called when nothing else is done to it. */
  async expire(row: ExecutionRow): Promise<void> {
    const history = await this.#residents.historyOf(row)
    const error = { code: 'execution.timed_out', message: `${row.intent_type} did not begin in its time.` }
    await this.#endUnbegun(row, this.#residents.journalOf(row, history), { mode: 'cooperative', error })
  }

  /** Lets an execution go on that its code had stopped, if its code has been mended. Without a trace if it has not. */
  async reconsider({ tenant_id, execution_id }: ExecutionRow): Promise<boolean> {
    return this.#residents.with(
      execution_id,
      () => false,
      async () => {
        const { row, history } = await this.#read(tenant_id, execution_id)
        if (row.status !== 'paused' || !MENDED_BY_CODE.includes(history.stopped?.code ?? '')) return false
        if (await this.#residents.obstacleTo(row, history)) return false
        await this.#continue(row, history, { reason: 'Its code replays it again.' })
        return true
      },
    )
  }

  /** `step` has been undone by hand, or, without one, the execution ends as it is. @throws ProblemError execution_not_parked */
  async settle({ tenant_id, execution_id }: ExecutionRow, actor: Actor, step?: number): Promise<void> {
    await this.#residents.with(execution_id, refuseUnparked, async () => {
      const { row, history } = await this.#read(tenant_id, execution_id)
      if (row.status !== 'parked') refuseUnparked()
      if (step === undefined) return this.#endAsItIs(row, history, actor)
      const undone = [...history.steps.values()].find(({ call }) => call.ordinal === step)
      if (!undone?.started || undone.undone) {
        throw new ProblemError('undo_unknown', `Step ${step} has nothing left to undo.`)
      }
      const journal = this.#residents.journalOf(row, history)
      const entry = journal.entry('saga.step_settled', { ...undone.call, ...actor })
      await journal.commit([entry], { status: 'compensating' })
      await this.#residents.load({ ...row, status: 'compensating' })
    })
  }

  /** @throws ProblemError execution_final, approval_decided, signals_too_many */
  async signal({ tenant_id, execution_id }: ExecutionRow, request: SignalRequest): Promise<void> {
    for (;;) {
      const done = await this.#residents.with(
        execution_id,
        async (live) => {
          const received = this.#admit(live.history, request)
          if (received) return live.signal(received, this.#received(live.row, live.history, request, received))
          await live.signalled(request.signal_id)
          return true
        },
        async () => {
          const { row, history } = await this.#read(tenant_id, execution_id)
          if (isFinal(row.status) && history.signals.has(request.signal_id)) return true
          refuseFinal(row)
          const received = this.#admit(history, request)
          if (received === null) return true
          // Something may wait for it: its handler takes it.
          if (row.status === 'waiting' && (await this.#residents.load(row))) return false
          const journal = this.#residents.journalOf(row, history)
          await journal.commit([this.#received(row, history, request, received)])
          return true
        },
      )
      if (done) return
    }
  }

  /** Null if it was received before. */
  #admit(history: History, request: SignalRequest): ReceivedSignal | null {
    const { name, signal_id, approved, payload } = request
    if (history.signals.has(signal_id)) return null
    if (history.signals.size >= SIGNALS_MAX) throw new ProblemError('signals_too_many')
    const approval = history.approvals.get(name)
    if (approved !== undefined && approval?.open === 0) {
      throw new ProblemError('approval_decided', `The approval ${name} is ${approval.ended}.`)
    }
    const signal = signalOf({ time_ms: this.#parts.clock.now() }, signal_id, request, payload)
    return { name, signal, ...(approved === undefined ? {} : { approved }), taken: false }
  }

  #received(row: ExecutionRow, history: History, request: SignalRequest, { signal, approved }: ReceivedSignal) {
    const { name, signal_id, by, reason } = request
    const data = {
      name,
      signal_id,
      ...(approved === undefined ? {} : { approved }),
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
    }
    const secret = JSON.stringify({ payload: signal.payload })
    return this.#residents.journalOf(row, history).entry('signal.received', data, secret)
  }

  async #continue(row: ExecutionRow, history: History, actor: Actor): Promise<void> {
    const journal = this.#residents.journalOf(row, history)
    const status = history.compensating ? 'compensating' : 'running'
    await journal.commit([journal.entry('execution.continued', actor)], {
      status,
      setTimers: this.#timersOf(row, history),
    })
    await this.#residents.load({ ...row, status })
  }

  /** Those of no call: while it was paused nobody looked at them. */
  #timersOf(row: ExecutionRow, history: History): Timer[] {
    if (history.cancel) return graceOf(row, history.cancel, this.#parts.clock.now())
    const runnable = this.#residents.runnable(row, history)
    if ('error' in runnable || runnable.definition.timeout === undefined) return []
    const due_ms = row.created_ms + toMs(runnable.definition.timeout)
    return [{ execution_id: row.execution_id, ordinal: TIMEOUT_SLOT, due_ms }]
  }

  /** It waits for its turn: nothing was done, so there is nothing to undo. */
  async #endUnbegun(row: ExecutionRow, journal: Journal, { error, by, reason }: CancelRequest): Promise<void> {
    const actor = { ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) }
    const status = error ? 'failed' : 'cancelled'
    const entry = error
      ? journal.entry('execution.failed', { error, compensated: false })
      : journal.entry('execution.cancelled', { compensated: false, ...actor })
    await journal.commit([entry], { status })
    this.#residents.leaveLane(row)
    this.#ended(row, { status, compensated: false, result: null, error: error ?? null })
  }

  async #endAsItIs(row: ExecutionRow, history: History, actor: Actor): Promise<void> {
    const journal = this.#residents.journalOf(row, history)
    const status = history.cancel && !history.cancel.error ? 'cancelled' : 'failed'
    const error = history.compensating ?? history.stopped ?? { code: 'execution.settled', message: 'Settled by hand.' }
    const entry =
      status === 'cancelled'
        ? journal.entry('execution.cancelled', { compensated: false, ...actor })
        : journal.entry('execution.failed', { error, compensated: false, ...actor })
    await journal.commit([entry], { status })
    this.#residents.leaveLane(row)
    this.#ended(row, {
      status,
      compensated: false,
      result: null,
      error: status === 'failed' ? error : null,
    })
  }

  async #read(tenant: TenantId, execution: ExecutionId) {
    const row = await this.#row(tenant, execution)
    return { row, history: await this.#residents.historyOf(row) }
  }

  async #row(tenant: TenantId, execution: ExecutionId): Promise<ExecutionRow> {
    const row = await this.#parts.store.getExecution(tenant, execution)
    if (!row) throw new ProblemError('execution_not_found')
    return row
  }
}

/** What stops an execution until its code is mended. */
const MENDED_BY_CODE = [
  'handler.diverged',
  'handler.foreign_await',
  'replay.unknown',
  'realm.missing',
  'payload.no_longer_valid',
]

function refuseFinal({ execution_id, status }: ExecutionRow): void {
  if (isFinal(status)) throw new ProblemError('execution_final', `Execution ${execution_id} is ${status}.`)
}

function refuseUnparked(): never {
  throw new ProblemError('execution_not_parked')
}

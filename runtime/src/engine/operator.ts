// What a person does to an execution: cancel, pause, resume, settle, signal. Each is one entry that says who and why, and doing it
// again changes nothing.

import { type ExecutionId, type Failure, ProblemError, type Status, type TenantId, isFinal } from '@biplane/protocol'

import type { ExecutionRow, Timer } from '../store/port.ts'
import { type Actor, actorOf } from './actor.ts'
import type { ExecutionHost } from './execution-host.ts'
import { PARENT_ENDED } from './finish.ts'
import {
  type Approvals,
  type CancelRequest,
  type History,
  type ReceivedSignal,
  mayDecide,
  signalOf,
} from './history.ts'
import { SIGNALS_MAX } from './limits.ts'
import { graceOf, timeoutOf } from './own-timers.ts'
import type { EngineParts } from './ports.ts'
import type { Residents } from './residents.ts'
import type { End } from './returned.ts'
import { settled } from './settled.ts'
import type { Unbegun } from './unbegun.ts'

export interface SignalRequest extends Actor {
  name: string
  signal_id: string
  payload: unknown
  approved?: boolean
  /** It decides no approval that is assigned to somebody else. */
  own_only?: boolean
}

interface OperatorHost {
  ended(row: ExecutionRow, end: End): void
  cancelChildren: ExecutionHost['cancelChildren']
  timerSet(due_ms: number): void
}

export class Operator {
  readonly #parts: EngineParts
  readonly #residents: Residents
  readonly #unbegun: Unbegun
  readonly #host: OperatorHost

  constructor(parts: EngineParts, residents: Residents, unbegun: Unbegun, host: OperatorHost) {
    this.#parts = parts
    this.#residents = residents
    this.#unbegun = unbegun
    this.#host = host
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
        const row = await this.#row(tenant_id, execution_id)
        if (isFinal(row.status) || row.status === 'compensating' || row.status === 'parked') return true
        const history = await this.#residents.historyOf(row)
        // The first one counts: what its handler does now it does in the time that it was given then.
        if (history.cancel) return true
        if (row.began_ms === null) {
          await this.#unbegun.cancel(row, request)
          return true
        }
        const journal = this.#residents.journalOf(row)
        const clearTimers = [...history.waiting.values()]
        const entry = journal.entry('execution.cancelling', request)
        const setTimers = graceOf(row, request, entry.time_ms)
        await journal.commit([entry], { status: 'running', clearTimers, setTimers })
        await this.#residents.load({ ...row, status: 'running' })
        return true
      },
    )
    // What was being paused is paused now, and what has left memory is found in the store.
    if (!recorded) await this.cancel(asked, request)
  }

  /** @throws ProblemError execution_compensating, execution_final */
  async pause({ tenant_id, execution_id }: ExecutionRow, actor: Actor): Promise<void> {
    const pauseStored = async () => {
      const { row, history } = await this.#read(tenant_id, execution_id)
      if (row.status === 'paused') return true
      if (row.status === 'parked') throw new ProblemError('execution_compensating', 'The execution is parked.')
      refuseFinal(row)
      if (history.cancel || history.compensating) throw new ProblemError('execution_compensating')
      const journal = this.#residents.journalOf(row)
      const clearTimers = [...history.waiting.values()]
      await journal.commit([journal.entry('execution.paused', actor)], { status: 'paused', clearTimers })
      if (row.began_ms === null) this.#residents.leaveLane(row)
      return true
    }
    // One that left memory meanwhile is found in the store.
    while (!(await this.#residents.with(execution_id, (live) => live.pauseFor(actor), pauseStored)));
  }

  /** What is paused goes on, and what is parked is tried again; anything else goes on already. @throws ProblemError execution_final */
  async resume(asked: ExecutionRow, actor: Actor): Promise<void> {
    const { tenant_id, execution_id } = asked
    const pausing = await this.#residents.with(
      execution_id,
      ({ pausing: under_way }) => ({ under_way }),
      async () => {
        const { row, history } = await this.#read(tenant_id, execution_id)
        refuseFinal(row)
        if (row.status === 'paused' || row.status === 'parked') await this.#continue(row, history, actor)
        return { under_way: null }
      },
    )
    if (pausing.under_way === null) return
    // It is told to pause and then to go on.
    await settled(pausing.under_way)
    await this.resume(asked, actor)
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
      const journal = this.#residents.journalOf(row)
      const settledStep = journal.entry('saga.step_settled', { ...undone.call, ...actor })
      // Whoever takes back a step by hand has it taken back whole, whatever it was parked for.
      const compensating = history.compensating ? [] : [journal.entry('saga.compensating', { error: causeOf(history) })]
      await journal.commit([settledStep, ...compensating], { status: 'compensating' })
      await this.#residents.load({ ...row, status: 'compensating' })
    })
  }

  /** @throws ProblemError execution_final, approval_decided, forbidden, signals_too_many */
  async signal({ tenant_id, execution_id }: ExecutionRow, request: SignalRequest): Promise<void> {
    for (;;) {
      const done = await this.#residents.with(
        execution_id,
        async (live) => {
          const received = this.#admit(live.history, request)
          if (received) return live.signal(received, this.#received(live.row, request, received))
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
          const journal = this.#residents.journalOf(row)
          await journal.commit([this.#received(row, request, received)])
          return true
        },
      )
      if (done) return
    }
  }

  /** Null if it was received before. */
  #admit(history: History, request: SignalRequest): ReceivedSignal | null {
    const { name, signal_id, approved, payload, own_only = false } = request
    if (history.signals.has(signal_id)) return null
    if (history.signals.size >= SIGNALS_MAX) throw new ProblemError('signals_too_many')
    const signal = signalOf({ time_ms: this.#parts.clock.now() }, signal_id, request, payload)
    const received = { name, signal, ...(approved === undefined ? {} : { approved }), own_only, taken: false }
    if (approved !== undefined) refuseDecision(history.approvals.get(name), received)
    return received
  }

  #received(row: ExecutionRow, request: SignalRequest, received: ReceivedSignal) {
    const { signal, approved, own_only } = received
    const { name, signal_id } = request
    const data = {
      name,
      signal_id,
      ...(approved === undefined ? {} : { approved }),
      ...actorOf(request),
    }
    const secret = JSON.stringify({ payload: signal.payload, ...(own_only && { own_only }) })
    return this.#residents.journalOf(row).entry('signal.received', data, secret)
  }

  async #continue(row: ExecutionRow, history: History, actor: Actor): Promise<void> {
    const journal = this.#residents.journalOf(row)
    const status: Status = history.compensating ? 'compensating' : row.began_ms === null ? 'accepted' : 'running'
    const setTimers = this.#timersOf(row, history)
    await journal.commit([journal.entry('execution.continued', actor)], { status, setTimers })
    for (const { due_ms } of setTimers) this.#host.timerSet(due_ms)
    const going = { ...row, status }
    if (status !== 'accepted') await this.#residents.load(going)
    // Whoever is told to go on by a person is not replaced any more.
    else await this.#residents.takePlace(going, { ...history.place, first_ms: null })
  }

  /** Those of no call: while it was paused nobody looked at them. */
  #timersOf(row: ExecutionRow, history: History): Timer[] {
    if (history.cancel) return graceOf(row, history.cancel, this.#parts.clock.now())
    const runnable = this.#residents.runnable(row, history)
    return 'error' in runnable ? [] : timeoutOf(runnable.definition, row)
  }

  async #endAsItIs(row: ExecutionRow, history: History, actor: Actor): Promise<void> {
    const journal = this.#residents.journalOf(row)
    const status = history.cancel && !history.cancel.error ? 'cancelled' : 'failed'
    const error = causeOf(history)
    const entry =
      status === 'cancelled'
        ? journal.entry('execution.cancelled', { compensated: false, ...actor })
        : journal.entry('execution.failed', { error, compensated: false, ...actor })
    await journal.commit([entry], { status })
    this.#residents.leaveLane(row)
    this.#host.ended(row, { status, compensated: false, result: null, error: status === 'failed' ? error : null })
    const children = [...history.children.values()].map(({ execution_id }) => execution_id)
    const request = { mode: 'cooperative', reason: PARENT_ENDED, ...actorOf(actor) } as const
    this.#host.cancelChildren(row, children, request)
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

/** Why one that is parked fails. */
const causeOf = ({ compensating, stopped }: History): Failure =>
  compensating ?? stopped ?? { code: 'execution.settled', message: 'Settled by hand.' }

/** What stops an execution until its code is mended. */
const MENDED_BY_CODE = [
  'handler.diverged',
  'handler.foreign_await',
  'replay.unknown',
  'realm.missing',
  'payload.no_longer_valid',
]

/** One that was not asked yet is kept: whether its sender may decide shows when it is asked. */
function refuseDecision(approval: Approvals | undefined, received: ReceivedSignal): void {
  if (!approval) return
  const { open, ended } = approval
  if (open.size === 0) throw new ProblemError('approval_decided', `The approval ${received.name} is ${ended}.`)
  const assignees = [...open.values()]
  if (assignees.some((assignee) => mayDecide(assignee, received))) return
  throw new ProblemError(
    'forbidden',
    `The approval ${received.name} is for ${assignees.join(' or ')}, or for who has the scope execution:operate.`,
  )
}

function refuseFinal({ execution_id, status }: ExecutionRow): void {
  if (isFinal(status)) throw new ProblemError('execution_final', `Execution ${execution_id} is ${status}.`)
}

function refuseUnparked(): never {
  throw new ProblemError('execution_not_parked')
}

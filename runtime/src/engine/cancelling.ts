// The cancel of an execution in memory: recorded once, handed to its handler in the order of the log, and passed on to its children.

import { Cancelled } from '@biplane/realm/error'
import type { Recorded } from '@biplane/realm/port'

import type { ExecutionRow } from '../store/port.ts'
import type { ExecutionHost } from './execution-host.ts'
import type { CancelRequest } from './history.ts'
import type { InOrder } from './in-order.ts'
import type { Journal } from './journal.ts'
import { TIMEOUT_TIMER, graceOf } from './own-timers.ts'
import type { Clock } from './ports.ts'
import { settled } from './settled.ts'
import type { Waits } from './waits.ts'
import type { Work } from './work.ts'

interface Cancellable {
  parts: { clock: Clock }
  row: ExecutionRow
  host: ExecutionHost
  journal: Journal
  waits: Waits
  work: Work
  deliver: InOrder['deliver']
}

export class Cancelling {
  readonly #of: Cancellable
  /** The first one; null if there is none. */
  request: CancelRequest | null
  /** Settles when it is recorded, or could not be. */
  recorded: Promise<void> = Promise.resolve()
  #isHeard: boolean

  /** `request`: one that is in its log already. */
  constructor(of: Cancellable, request: CancelRequest | null) {
    this.#of = of
    this.request = request
    this.#isHeard = request !== null
  }

  /** Its handler does not know of it yet: what it asks for now is answered with that. */
  get isOnItsWay(): boolean {
    return this.request !== null && !this.#isHeard
  }

  /** These are about to be handed over. */
  hear(records: readonly Recorded[]): void {
    this.#isHeard ||= records.some(({ kind }) => kind === 'cancel')
  }

  /** Resolves when it is recorded. What waits is woken by it; steps are told to stop, unless nobody asks the handler. */
  async record(request: CancelRequest): Promise<void> {
    const recording = this.#record(request)
    this.recorded = settled(recording)
    await recording
    if (request.mode === 'cooperative') this.passOn(request)
  }

  async #record(request: CancelRequest): Promise<void> {
    const { row, journal, waits, work, deliver } = this.#of
    this.request = request
    const entry = journal.entry('execution.cancelling', request)
    const clearTimers = [...waits.drop(), TIMEOUT_TIMER]
    const setTimers = graceOf(row, request, entry.time_ms)
    await deliver(async () => {
      const seq = await journal.commit([entry], { status: 'running', clearTimers, setTimers })
      if (request.mode === 'kill') return null
      void work.stop(new Cancelled(request.reason))
      const reason = request.reason === undefined ? {} : { reason: request.reason }
      return { kind: 'cancel', seq, time_ms: entry.time_ms, ...reason }
    })
  }

  /** To the children that are waited for; and its own time runs from now on. */
  passOn(request: CancelRequest): void {
    const { row, parts, host, waits } = this.#of
    for (const { due_ms } of graceOf(row, request, parts.clock.now())) host.timerSet(due_ms)
    const { error, ...asked } = request
    // Its children have their own time.
    const passedOn = error ? { ...asked, reason: error.message } : asked
    host.cancelChildren(row, waits.children, passedOn)
  }
}

// What an execution waits for that comes from outside: the time, a signal, the end of a child. Each wait can be ended by a timer in
// the store, so that it outlives the process: a sleep by its time, a wait for a signal by its expiry, a call by the end of the
// child, which sets that timer in its own last commit.

import { type ExecutionId, type Status, timeOf } from '@biplane/protocol'
import type { Answer, Call, ChildAsk, SleepAsk, WaitAsk } from '@biplane/realm/port'

import type { ExecutionRow, NewEntry } from '../store/port.ts'
import { actorOf } from './actor.ts'
import { callOf } from './entry.ts'
import {
  type ChildHistory,
  type History,
  type ReceivedSignal,
  answerOf,
  askApproval,
  callId,
  endApproval,
  mayDecide,
} from './history.ts'
import type { InOrder } from './in-order.ts'
import type { Change, Journal } from './journal.ts'
import { type Returned, childAnswer, endChild } from './returned.ts'

interface Waiting {
  ask: SleepAsk | WaitAsk | ChildAsk
  /** The ordinal of its timer. */
  timer: number
  child: ExecutionId | null
}

/** Keyed calls may come in another order than before; then the timer of one gets an ordinal that no other has. */
const TIMER_STRIDE = 1_000_000

export class Waits {
  readonly #row: ExecutionRow
  readonly #journal: Journal
  readonly #history: History
  /** Hands over what a wait was answered with, in the order of the log. */
  readonly #deliver: InOrder['deliver']
  readonly #recording = new Map<string, Promise<unknown>>()
  readonly #waiting = new Map<number, Waiting>()

  constructor(row: ExecutionRow, journal: Journal, history: History, deliver: InOrder['deliver']) {
    this.#row = row
    this.#journal = journal
    this.#history = history
    this.#deliver = deliver
  }

  /** Resolves when the wait is durable; true if it was answered at once. `status` is the execution's while it waits. */
  async begin(ask: SleepAsk | WaitAsk, status: Status): Promise<boolean> {
    const known = this.#history.waiting.has(callId(ask))
    const timer = this.#timerOf(ask)
    const waiting = { ask, timer, child: null }
    this.#waiting.set(timer, waiting)
    this.#history.waiting.set(callId(ask), timer)
    const entries = known ? [] : [this.#begun(ask, timer)]
    const kept = ask.kind === 'wait' ? this.#keptFor(ask) : null
    if (kept) return this.#take(waiting, kept, entries)
    // A known wait sets its timer again: being paused has cleared it.
    const { until_ms: due_ms } = ask
    const setTimers = due_ms === null ? [] : [{ execution_id: this.#row.execution_id, ordinal: timer, due_ms }]
    await this.#journal.commit(entries, { status, setTimers })
    return false
  }

  beginChild(ask: ChildAsk, { execution_id, timer }: ChildHistory): void {
    this.#waiting.set(timer, { ask, timer, child: execution_id })
  }

  /** The ordinal of the timer by which a new child is to wake its parent. */
  timerForChild(ask: ChildAsk): number {
    return this.#timerOf(ask)
  }

  /** The child that the wait of a timer is for; null if it is not for one. */
  childOf(timer: number): ExecutionId | null {
    return this.#waiting.get(timer)?.child ?? null
  }

  /** A timer is due. False if nothing waits for it any more. */
  async end(timer: number, returned: Returned | null): Promise<boolean> {
    const waiting = this.#waiting.get(timer)
    // Its call is yet to be begun again, and looks then whether it has ended: until that is recorded the timer must stay.
    if (!waiting && [...this.#history.children.values()].some((child) => child.timer === timer)) return false
    if (!waiting || (waiting.child && !returned)) {
      await this.#journal.commit([], { clearTimers: [timer] })
      return false
    }
    this.#forget(waiting)
    const { ask } = waiting
    if (ask.kind === 'call') return this.#return(waiting, ask, returned as Returned)
    if (ask.kind === 'sleep') {
      const entry = this.#journal.entry('execution.resumed', { ordinal: ask.ordinal, name: ask.name })
      return this.#answer(waiting, [entry], { kind: 'value', value: undefined })
    }
    endApproval(this.#history, ask, 'expired')
    return this.#answer(waiting, [this.#journal.entry('signal.expired', callOf(ask))], { kind: 'expired' })
  }

  /** Records a signal, and hands it to the wait that it is for. False if there is none: then `change` is recorded with it. */
  signal(received: ReceivedSignal, entry: NewEntry, change: Change): Promise<boolean> {
    const { id } = received.signal
    this.#history.signals.set(id, received)
    const recording = this.#receive(received, entry, change)
    this.#recording.set(id, recording)
    const failed = (error: unknown) => {
      this.#history.signals.delete(id)
      throw error
    }
    return recording.catch(failed).finally(() => this.#recording.delete(id))
  }

  /** Resolves when a signal that came before is recorded. */
  async recorded(id: string): Promise<void> {
    await this.#recording.get(id)
  }

  async #receive(received: ReceivedSignal, entry: NewEntry, change: Change): Promise<boolean> {
    const waiting = [...this.#waiting.values()].find(({ ask }) => ask.kind === 'wait' && isFor(ask, received))
    if (waiting) return this.#take(waiting, received, [entry])
    await this.#journal.commit([entry], change)
    return false
  }

  /** Forgets what the handler waits for, and answers whose timers are to be cleared. Children are still known. */
  drop(): number[] {
    const timers = [...this.#history.waiting.values()]
    this.#history.waiting.clear()
    this.#waiting.clear()
    return timers
  }

  /** Children that are waited for and have not returned. */
  get children(): ExecutionId[] {
    return [...this.#history.children.values()].map(({ execution_id }) => execution_id)
  }

  /** Records how children ended that nobody waits for any more: what did not complete has nothing to take back. */
  async childrenReturned(endOf: (child: ExecutionId) => Promise<Returned | null>): Promise<void> {
    const entries: NewEntry[] = []
    for (const [id, { execution_id }] of this.#history.children) {
      const returned = await endOf(execution_id)
      const step = this.#history.steps.get(id)
      if (!returned || !step) continue
      this.#history.children.delete(id)
      endChild(step, returned)
      entries.push(this.#returned(step.call, execution_id, returned))
    }
    if (entries.length > 0) await this.#journal.commit(entries)
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  /** Whether nothing but time ends them. */
  get areSleeps(): boolean {
    return [...this.#waiting.values()].every(({ ask }) => ask.kind === 'sleep')
  }

  /** When the first one ends by itself; null if none does. */
  get wakes_ms(): number | null {
    const times = [...this.#waiting.values()].map(({ ask }) => (ask.kind === 'call' ? null : ask.until_ms))
    const known = times.filter((time) => time !== null)
    return known.length === 0 ? null : Math.min(...known)
  }

  #begun(ask: SleepAsk | WaitAsk, ordinal: number): NewEntry {
    const call = { ...callOf(ask), ordinal }
    if (ask.kind === 'sleep') return this.#journal.entry('execution.waiting', { ...call, until: timeOf(ask.until_ms) })
    const until = ask.until_ms === null ? {} : { until: timeOf(ask.until_ms) }
    if (ask.approval) askApproval(this.#history, ask, ask.approval)
    return this.#journal.entry('signal.awaited', { ...call, ...until, ...(ask.approval && { approval: ask.approval }) })
  }

  #keptFor(ask: WaitAsk): ReceivedSignal | null {
    for (const received of this.#history.signals.values()) {
      if (!received.taken && isFor(ask, received)) return received
    }
    return null
  }

  #take(waiting: Waiting, received: ReceivedSignal, before: NewEntry[]): Promise<boolean> {
    const ask = waiting.ask as WaitAsk
    const { id } = received.signal
    received.taken = true
    this.#forget(waiting)
    endApproval(this.#history, ask, received.approved ? 'approved' : 'refused')
    const data = {
      ...callOf(ask),
      signal_id: id,
      ...(received.approved === undefined ? {} : { approved: received.approved }),
      ...actorOf(received.signal),
    }
    const entries = [...before, this.#journal.entry('signal.taken', data)]
    return this.#answer(waiting, entries, answerOf(received, ask.approval !== null))
  }

  #return(waiting: Waiting, ask: ChildAsk, returned: Returned): Promise<boolean> {
    this.#history.children.delete(callId(ask))
    const step = this.#history.steps.get(callId(ask))
    if (step) endChild(step, returned)
    return this.#answer(waiting, [this.#returned(ask, waiting.child, returned)], childAnswer(waiting.child, returned))
  }

  #returned(call: Call, child: ExecutionId | null, { status, error, result }: Returned): NewEntry {
    const data = {
      ...callOf(call),
      ...(child && { child_execution_id: child }),
      status: status as 'completed',
      ...(error && { error }),
    }
    return this.#journal.entry('child.returned', data, JSON.stringify({ result }))
  }

  #answer({ ask, timer }: Waiting, entries: NewEntry[], answer: Answer): Promise<boolean> {
    return this.#deliver(async () => {
      const seq = await this.#journal.commit(entries, { status: 'running', clearTimers: [timer] })
      const { time_ms } = entries.at(-1) as NewEntry
      return { kind: 'answer', seq, time_ms, call: callOf(ask), answer }
    })
  }

  #forget({ ask, timer }: Waiting): void {
    this.#waiting.delete(timer)
    this.#history.waiting.delete(callId(ask))
  }

  #timerOf(ask: Call): number {
    const known = this.#history.waiting.get(callId(ask)) ?? this.#history.children.get(callId(ask))?.timer
    if (known !== undefined) return known
    const used = new Set([
      ...this.#history.waiting.values(),
      ...[...this.#history.children.values()].map((child) => child.timer),
    ])
    let timer = ask.ordinal
    while (used.has(timer)) timer += TIMER_STRIDE
    return timer
  }
}

function isFor(ask: WaitAsk, received: ReceivedSignal): boolean {
  const { name, signal, approved } = received
  if (name !== ask.name || !mayDecide(ask.approval?.assignee ?? null, received)) return false
  return ask.fits({ payload: signal.payload, ...(approved === undefined ? {} : { approved }) })
}

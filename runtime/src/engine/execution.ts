// One execution in memory. Its handler is handed records one at a time; what it asks for is carried out; what comes of that is
// committed and handed back. All turns run one after the other, so there is no lock in here.
//
//   running ──returns──▶ completed
//      │ ╲──throws────▶ compensating ──▶ failed
//      │  ╲─cancelled─▶ compensating ──▶ cancelled
//      │   ╲ diverges, or a step asks for a person ──▶ paused        an undo that keeps failing ──▶ parked
//      ╰──sleeps──▶ waiting: leaves memory, comes back by replay

import { ProblemError, type Progress } from '@biplane/protocol'
import { Cancelled, PauseError, toFailure } from '@biplane/realm/error'
import type { ChildAsk, Outcome, Recorded, SleepAsk, Turn, WaitAsk } from '@biplane/realm/port'
import { Run } from '@biplane/realm/run'

import type { ExecutionRow, NewEntry } from '../store/port.ts'
import type { Actor } from './actor.ts'
import { type AnsweredAtOnce, ChildCalls } from './child-calls.ts'
import { Cancelling } from './cancelling.ts'
import { Departure, type DepartureOwner } from './departure.ts'
import type { ExecutionHost, Loaded } from './execution-host.ts'
import type { CancelRequest, History, ReceivedSignal } from './history.ts'
import { identityOf } from './identity.ts'
import { InOrder } from './in-order.ts'
import { AlreadyEnded, Journal } from './journal.ts'
import { ENTRIES_MAX } from './limits.ts'
import { logFault } from './log-fault.ts'
import { GRACE_TIMER, TIMEOUT_TIMER } from './own-timers.ts'
import type { EngineParts } from './ports.ts'
import { ProgressThrottle } from './progress.ts'
import { Rest, type RestOwner } from './rest.ts'
import type { End } from './returned.ts'
import type { Slot } from './slot.ts'
import { begin, countDeath } from './take-up.ts'
import { tooLong } from './too-long.ts'
import { TurnQueue, type TurnQueueOwner } from './turn-queue.ts'
import { Waits } from './waits.ts'
import { Work, type WorkAsk, type WorkOwner } from './work.ts'

export class LiveExecution implements WorkOwner, TurnQueueOwner, RestOwner, DepartureOwner {
  readonly row: ExecutionRow
  readonly #parts: EngineParts
  readonly #host: ExecutionHost
  readonly #history: History
  readonly #journal: Journal
  readonly #work: Work
  readonly #waits: Waits
  readonly #calls: ChildCalls
  readonly #departure: Departure
  readonly #run: Run
  readonly #progress: ProgressThrottle
  readonly #rest: Rest
  readonly #inOrder = new InOrder((records) => this.#handOver(records))
  readonly slot: Slot | null
  readonly #stopped = new AbortController()
  /** Turns of the handler, for what is recorded already or about to be, and whatever else is done to it. */
  readonly #turns: TurnQueue
  #replaying = true
  readonly #cancelling: Cancelling

  constructor(parts: EngineParts, host: ExecutionHost, { row, lease, definition, history, slot }: Loaded) {
    this.slot = slot
    this.#parts = parts
    this.#host = host
    this.row = row
    this.#history = history
    this.#journal = new Journal(parts, row, lease, history.entries, (error) =>
      error ? this.fault(error) : this.rest(),
    )
    this.#work = new Work(parts, this, this.#journal, history.steps)
    this.#waits = new Waits(row, this.#journal, history, this.deliver)
    this.#calls = new ChildCalls(row, host, this.#journal, this.#waits, history, (timer) => void this.wake(timer))
    this.#progress = new ProgressThrottle(parts.clock, this.#journal, (error) => this.fault(error))
    const identity = identityOf(row, history, (progress) => this.progress(progress))
    this.#run = new Run(definition, history.payload, identity, ({ code, message }) =>
      this.pause(new PauseError(code, message)),
    )
    const insides = {
      parts,
      host,
      row,
      definition,
      history,
      slot,
      journal: this.#journal,
      waits: this.#waits,
      work: this.#work,
      undoable: this.#run.undoable,
      stopped: this.#stopped,
      deliver: this.deliver,
    }
    this.#cancelling = new Cancelling(insides, history.cancel)
    this.#departure = new Departure(insides, this)
    this.#rest = new Rest(insides, this)
    this.#turns = new TurnQueue(this)
  }

  get status() {
    return this.#journal.status
  }
  /** What it is handed signals against. */
  get history(): History {
    return this.#history
  }

  /** Replays what is recorded, which needs no slot, and goes on. `cutOff`: the process that ran it before has died. */
  start(cutOff: boolean): void {
    if (this.#isStopping) this.slot?.skip()
    // It was at work, and goes before what is new.
    else if (this.status === 'running') void this.slot?.take()
    this.#turns.add(async () => {
      const poisoned = cutOff && (await countDeath(this.#journal, this.#history))
      if (poisoned) return this.#departure.park(poisoned)
      if (this.status === 'accepted') await begin(this.#journal, this.slot)
      const turn = await this.#advance(this.#history.records)
      this.#replaying = false
      this.#history.records = []
      const { request } = this.#cancelling
      if (this.#history.compensating || request?.mode === 'kill') return this.#end(turn.outcome)
      if (request) this.#cancelling.passOn(request)
      await this.#react(turn)
    })
  }

  /**
   * The first cancel counts. One that comes when the end is being written resolves once it is. False if the execution was being
   * paused, or has left memory: then it is yet to be recorded.
   */
  async cancel(request: CancelRequest): Promise<boolean> {
    if (this.#departure.pausing) return this.#departure.pausing.then(() => false)
    if (this.#isStopping) {
      await Promise.all([this.#cancelling.recorded, this.#departure.completing])
      return true
    }
    if (this.#departure.isOver) return false
    this.slot?.skip()
    await this.#cancelling.record(request)
    if (request.mode === 'kill') this.#turns.add(() => this.#end(null))
    return true
  }

  /** It ends, or is cancelled and will. */
  get #isStopping(): boolean {
    return this.#cancelling.request !== null || this.#departure.isBegun || this.#history.compensating !== null
  }

  /** A timer of this execution is due. Resolves when that is recorded. */
  wake(timer: number): Promise<void> {
    if (timer === TIMEOUT_TIMER) return this.#timeOut()
    return new Promise((resolve) => {
      const first = () => this.#wakeNow(timer).finally(resolve)
      this.#turns.turn(first, () => this.rest(), resolve)
    })
  }

  /** Resolves when the signal is recorded; false if the execution has left memory meanwhile. */
  async signal(received: ReceivedSignal, entry: NewEntry): Promise<boolean> {
    if (this.#departure.isOver) return false
    try {
      // Nobody may find it waiting as long as it may still ask for what has just come.
      const change = this.isAtWork && this.status === 'waiting' ? { status: 'running' as const } : {}
      if (!(await this.#waits.signal(received, entry, change))) this.rest()
    } catch (error) {
      if (!(error instanceof AlreadyEnded)) throw error
      await this.#departure.completing
      return false
    }
    return true
  }

  /** Resolves when a signal that came before is recorded. */
  signalled(id: string): Promise<unknown> {
    return this.#waits.recorded(id)
  }

  /**
   * Pauses it for a person. Resolves when that is recorded; false if it has ended or left memory.
   * @throws ProblemError execution_compensating
   */
  async pauseFor(actor: Actor): Promise<boolean> {
    if (this.#departure.pausing) return this.#departure.pausing
    if (this.#isStopping) {
      await this.#departure.completing
      if (this.#departure.isOver) return false
      throw new ProblemError('execution_compensating')
    }
    const paused = this.#departure.pauseFor(actor, (pause, ifOver) => this.#turns.add(pause, ifOver))
    this.slot?.skip()
    return paused
  }

  /** Settles when a pause that is under way is written; null if there is none. */
  get pausing(): Promise<unknown> | null {
    return this.#departure.pausing
  }

  /** Stops where it is; nothing more is committed, and a later owner goes on. */
  async stop(): Promise<void> {
    this.#departure.isOver = true
    this.#rest.end()
    this.#progress.stop()
    this.#journal.forget()
    const reason = new Cancelled('The runtime is stopping.')
    this.#stopped.abort(reason)
    await this.#work.stop(reason)
  }

  readonly deliver: InOrder['deliver'] = (recorded) => this.#inOrder.deliver(recorded)

  callChild(ask: ChildAsk): Promise<AnsweredAtOnce | null> {
    return this.#calls.begin(ask)
  }

  /** A cancel that came meanwhile goes before what only a person could mend. */
  pause(error: unknown): void {
    this.#turns.add(async () => {
      if (!this.#cancelling.request) await this.#departure.pause(toFailure(error), {})
    })
  }

  progress(progress: Progress, step?: string): void {
    if (!this.#replaying && !this.#departure.isOver) this.#progress.report(progress, step)
  }

  /** Ends the stay in memory after an error that is not the realm's. */
  fault(error: unknown): void {
    if (this.#departure.isOver) return
    logFault(this.#parts.log, this.row.execution_id, error)
    void this.stop()
    this.slot?.skip()
    this.slot?.release()
    this.#host.left(this.row, null)
  }

  #handOver(records: Recorded[]): void {
    this.#rest.interrupt()
    const first = () => {
      this.#cancelling.hear(records)
      return this.#advance(records)
    }
    this.#turns.turnWithSlot(first, (turn) => this.#react(turn))
  }

  async #advance(records: readonly Recorded[]): Promise<Turn> {
    this.#rest.interrupt()
    this.#parts.watch.enter(`${this.row.intent_type} handler`)
    try {
      return await this.#run.advance(records)
    } finally {
      this.#parts.watch.leave()
    }
  }

  async #wakeNow(timer: number): Promise<void> {
    // It was cancelled, and has not come to its end in its time. The timer stays until the end clears it.
    if (timer === GRACE_TIMER) return this.#end(null)
    const child = this.#waits.childOf(timer)
    const returned = child && (await this.#host.endOf(this.row, child))
    await this.#waits.end(timer, returned)
  }

  /** Whatever it waits for: a slot, too. */
  async #timeOut(): Promise<void> {
    // One that is being paused has its time again when it goes on.
    if (this.#isStopping || this.#departure.pausing || this.#departure.isOver) return
    const message = `${this.row.intent_type} took longer than it may.`
    await this.cancel({ mode: 'cooperative', error: { code: 'execution.timed_out', message } })
  }

  async #react(turn: Turn): Promise<void> {
    this.#journal.note(turn.notes)
    if (turn.outcome) return this.#end(turn.outcome)
    if (this.#journal.entries > ENTRIES_MAX) return this.#end({ kind: 'threw', error: tooLong() })
    // What is cancelled is answered with that, and what is paused asks again.
    if (this.#departure.pausing || this.#cancelling.isOnItsWay) return
    this.#beginWork(turn.asks.filter((ask) => ask.kind !== 'sleep' && ask.kind !== 'wait'))
    const waits = turn.asks.filter((ask) => ask.kind === 'sleep' || ask.kind === 'wait')
    for (const ask of waits) this.#beginWait(ask, ask === waits.at(-1))
    this.rest()
  }

  /** After a replay it may have to wait for its slot first. */
  #beginWork(asks: readonly WorkAsk[]): void {
    const beginAll = () => {
      for (const ask of asks) this.#work.begin(ask)
    }
    if (asks.length === 0 || !this.slot || this.slot.isHeld) return beginAll()
    const after = () => {
      if (!this.#cancelling.isOnItsWay) beginAll()
      this.rest()
    }
    this.#turns.turnWithSlot(async () => {}, after)
  }

  /** It waits when the last of a turn is durable: a process that finds it waiting does not look whether there should be more. */
  #beginWait(ask: SleepAsk | WaitAsk, isLast: boolean): void {
    const begun = this.#waits.begin(ask, isLast && !this.isAtWork ? 'waiting' : 'running')
    const then = (isAnswered: boolean) => {
      if (isAnswered) return
      if (ask.until_ms !== null) this.#host.timerSet(ask.until_ms)
      this.rest()
    }
    begun.then(then).catch((error: unknown) => this.fault(error))
  }

  /** What is recorded and not yet handed over counts: who leaves memory before would not hear of it. */
  get isAtWork(): boolean {
    return this.#replaying || !this.#work.isIdle || !this.#turns.isIdle || !this.#inOrder.isEmpty
  }

  rest(): void {
    this.#rest.look()
  }

  #end(outcome: Outcome | null): Promise<void> {
    return this.#departure.begin(outcome, () => this.#cancelling.request)
  }

  get isOver(): boolean {
    return this.#departure.isOver
  }

  leave(): void {
    this.#departure.leave(null)
  }

  handlerEnded(): void {
    this.#rest.end()
  }

  left(end: End | null): void {
    this.#rest.end()
    this.#progress.stop()
    // What runs in order keeps its turn over a wait.
    if (end) this.slot?.release()
    else this.slot?.rest()
    this.#host.left(this.row, end)
  }
}

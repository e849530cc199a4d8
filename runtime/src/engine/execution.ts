// One execution in memory. Its handler is handed records one at a time; what it asks for is carried out; what comes of that is
// committed and handed back. All turns run one after the other, so there is no lock in here.
//
//   running ──returns──▶ completed
//      │ ╲──throws────▶ compensating ──▶ failed
//      │  ╲─cancelled─▶ compensating ──▶ cancelled
//      │   ╲ diverges, or a step asks for a person ──▶ paused        an undo that keeps failing ──▶ parked
//      ╰──sleeps──▶ waiting: leaves memory, comes back by replay

import type { Failure, Progress } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'
import { Cancelled, PauseError, TerminalError, toFailure } from '@biplane/realm/error'
import type { ChildAsk, Outcome, Recorded, SleepAsk, Turn, WaitAsk } from '@biplane/realm/port'
import { Run } from '@biplane/realm/run'

import type { ExecutionRow, NewEntry } from '../store/port.ts'
import { GRACE_SLOT, graceOf } from './cancel-grace.ts'
import { type AnsweredAtOnce, ChildCalls } from './child-calls.ts'
import { decideEnding } from './ending.ts'
import { type ExecutionHost, type Loaded, TIMEOUT_SLOT } from './execution-host.ts'
import { Finish } from './finish.ts'
import type { Actor, CancelRequest, End, History, ReceivedSignal } from './history.ts'
import { identityOf } from './identity.ts'
import { InOrder } from './in-order.ts'
import { AlreadyEnded, Journal } from './journal.ts'
import { DEATHS_MAX, ENTRIES_MAX, STAY_AWAKE_MS } from './limits.ts'
import type { Slot } from './lanes.ts'
import { logFault } from './log-fault.ts'
import type { EngineParts } from './ports.ts'
import { ProgressThrottle } from './progress.ts'
import { settled } from './settled.ts'
import { Waits } from './waits.ts'
import { Work, type WorkOwner } from './work.ts'

export class LiveExecution implements WorkOwner {
  readonly row: ExecutionRow
  readonly #parts: EngineParts
  readonly #host: ExecutionHost
  readonly #definition: IntentDefinition
  readonly #history: History
  readonly #journal: Journal
  readonly #work: Work
  readonly #waits: Waits
  readonly #calls: ChildCalls
  readonly #finish: Finish
  readonly #run: Run
  readonly #progress: ProgressThrottle
  readonly #inOrder = new InOrder((records) => this.#handOver(records))
  readonly slot: Slot | null
  readonly #stopped = new AbortController()
  #queue: Promise<void> = Promise.resolve()
  #replaying = true
  #cancel: CancelRequest | null
  #ending = false
  #cancelLeave: (() => void) | null = null
  /** Turns of the handler that are under way or to come, for what is recorded already or about to be. */
  #turns = 0
  #over = false
  /** Settles when the pause is written, or could not be; null if it is not being paused. */
  #pausing: Promise<void> | null = null
  /** Settles when the completion is written, or could not be. */
  #completing: Promise<void> = Promise.resolve()
  /** Null while it has not ended. */
  end: End | null = null

  constructor(parts: EngineParts, host: ExecutionHost, { row, lease, definition, history, slot }: Loaded) {
    this.slot = slot
    this.#parts = parts
    this.#host = host
    this.row = row
    this.#definition = definition
    this.#history = history
    this.#cancel = history.cancel
    this.#journal = new Journal(parts, row, lease, history.entries, (error) =>
      error ? this.fault(error) : this.rest(),
    )
    this.#work = new Work(parts, this, this.#journal, history.steps)
    this.#waits = new Waits(row, this.#journal, history, this.deliver)
    this.#calls = new ChildCalls(row, host, this.#journal, this.#waits, history, (slot) => void this.wake(slot))
    this.#progress = new ProgressThrottle(parts.clock, this.#journal, (error) => this.fault(error))
    const identity = identityOf(row, history, (progress) => this.progress(progress))
    this.#run = new Run(definition, history.payload, identity, ({ code, message }) =>
      this.pause(new PauseError(code, message)),
    )
    const [journal, waits, work, { undoable }] = [this.#journal, this.#waits, this.#work, this.#run]
    this.#finish = new Finish({ parts, host, row, journal, waits, work, history, undoable, stopped: this.#stopped })
  }

  get status() {
    return this.#journal.status
  }
  /** What it is handed signals against. */
  get history(): History {
    return this.#history
  }

  /** Replays what is recorded and goes on. `cutOff`: the process that ran it before has died. */
  start(cutOff: boolean): void {
    this.#enqueue(async () => {
      if (cutOff && !(await this.#claim())) return
      if (this.status === 'accepted') {
        await this.#journal.commit([this.#journal.entry('execution.started', {})], { status: 'running' })
      }
      const turn = await this.#advance(this.#history.records)
      this.#replaying = false
      this.#history.records = []
      if (this.#history.compensating || this.#cancel?.mode === 'kill') return this.#end(turn.outcome)
      if (this.#cancel) this.#passCancelOn(this.#cancel)
      await this.#react(turn)
    })
  }

  /**
   * The first cancel counts. One that comes when the end is being written resolves once it is. False if it came while the
   * execution was being paused, and is yet to be recorded.
   */
  async cancel(request: CancelRequest): Promise<boolean> {
    this.slot?.skip()
    if (this.#pausing) return this.#pausing.then(() => false)
    if (this.#isStopping || this.#over) return this.#completing.then(() => true)
    this.#cancel = request
    const entry = this.#journal.entry('execution.cancelling', request)
    const clearTimers = [...this.#waits.drop(), TIMEOUT_SLOT]
    const setTimers = graceOf(this.row, request, entry.time_ms)
    await this.deliver(async () => {
      const seq = await this.#journal.commit([entry], { status: 'running', clearTimers, setTimers })
      if (request.mode === 'kill') return null
      void this.#work.stop(new Cancelled(request.reason))
      const reason = request.reason === undefined ? {} : { reason: request.reason }
      return { kind: 'cancel', seq, time_ms: entry.time_ms, ...reason }
    })
    if (request.mode === 'kill') {
      this.#enqueue(() => this.#end(null))
      return true
    }
    this.#passCancelOn(request)
    return true
  }

  /** To the children that are waited for; and its own time runs from now on. */
  #passCancelOn(request: CancelRequest): void {
    for (const { due_ms } of graceOf(this.row, request, this.#parts.clock.now())) this.#host.timerSet(due_ms)
    void this.#host.endChildren(this.row, this.#waits.children, request).catch((error: unknown) => this.fault(error))
  }

  /** It ends, or is cancelled and will. */
  get #isStopping(): boolean {
    return this.#cancel !== null || this.#ending || this.#history.compensating !== null
  }

  /** A timer of this execution is due. Resolves when that is recorded. */
  wake(slot: number): Promise<void> {
    return new Promise((resolve) => {
      this.#turns++
      this.#enqueue(() => this.#wakeNow(slot).finally(resolve), resolve)
    })
  }

  /** Resolves when the signal is recorded; false if the execution has left memory meanwhile. */
  async signal(received: ReceivedSignal, entry: NewEntry): Promise<boolean> {
    if (this.#over) return false
    try {
      // Nobody may find it waiting as long as it may still ask for what has just come.
      const change = this.#isAtWork && this.status === 'waiting' ? { status: 'running' as const } : {}
      if (!(await this.#waits.signal(received, entry, change))) this.rest()
    } catch (error) {
      if (!(error instanceof AlreadyEnded)) throw error
      await this.#completing
      return false
    }
    return true
  }

  /** Resolves when a signal that came before is recorded. */
  signalled(id: string): Promise<unknown> {
    return this.#waits.recorded(id)
  }

  /** Pauses it for a person. Resolves when that is recorded; false if it ends or is cancelled, or has left memory. */
  pauseFor(actor: Actor): Promise<boolean> {
    this.slot?.skip()
    return new Promise((resolve) => {
      const pause = () => this.#pauseNow(null, actor).finally(() => resolve(true))
      this.#enqueue(
        async () => {
          if (!this.#isStopping) return pause()
          await this.#completing
          resolve(false)
        },
        () => resolve(false),
      )
    })
  }

  /** Stops where it is; nothing more is committed, and a later owner goes on. */
  async stop(): Promise<void> {
    this.#over = true
    this.#stay()
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
    this.#enqueue(async () => {
      if (!this.#cancel) await this.#pauseNow(toFailure(error), {})
    })
  }

  progress(progress: Progress, step?: string): void {
    if (!this.#replaying && !this.#over) this.#progress.report(progress, step)
  }

  /** Ends the stay in memory after an error that is not the realm's. */
  fault(error: unknown): void {
    if (this.#over) return
    logFault(this.#parts.log, this.row.execution_id, error)
    void this.stop()
    this.slot?.release()
    this.#host.left(this.row, this.end)
  }

  #handOver(records: Recorded[]): void {
    this.#turns++
    this.#enqueue(async () => {
      const turn = await this.#advance(records)
      this.#turns--
      await this.#react(turn)
    })
  }

  async #advance(records: readonly Recorded[]): Promise<Turn> {
    this.#stay()
    if (this.slot) await this.slot.take()
    this.#parts.watch.enter(`${this.row.intent_type} handler`)
    try {
      return await this.#run.advance(records)
    } finally {
      this.#parts.watch.leave()
    }
  }

  async #wakeNow(slot: number): Promise<void> {
    if (slot === TIMEOUT_SLOT) await this.#timeOut()
    // It was cancelled, and has not come to its end in its time. The timer stays until the end clears it.
    else if (slot === GRACE_SLOT) await this.#end(null)
    else {
      const child = this.#waits.childOf(slot)
      const returned = child && (await this.#host.endOf(this.row, child))
      await this.#waits.end(slot, returned)
    }
    this.#turns--
    this.rest()
  }

  async #timeOut(): Promise<void> {
    if (this.#isStopping) return void (await this.#journal.commit([], { clearTimers: [TIMEOUT_SLOT] }))
    const message = `${this.row.intent_type} took longer than it may.`
    await this.cancel({ mode: 'cooperative', error: { code: 'execution.timed_out', message } })
  }

  #enqueue(task: () => Promise<void>, ifOver?: () => void): void {
    this.#queue = this.#queue
      .then(() => (this.#over ? ifOver?.() : task()))
      .catch((error: unknown) => this.fault(error))
  }

  /** Counts the restart in the log. False if it has been enough of them. */
  async #claim(): Promise<boolean> {
    const recoveries = this.#history.recoveries + 1
    if (recoveries >= DEATHS_MAX) {
      const message = `The process died ${DEATHS_MAX} times in a row while it ran this execution.`
      await this.#park({ code: 'execution.poisoned', message })
      return false
    }
    await this.#journal.commit([this.#journal.entry('execution.recovered', { recoveries })])
    return true
  }

  async #react(turn: Turn): Promise<void> {
    this.#journal.note(turn.notes)
    if (turn.outcome) return this.#end(turn.outcome)
    if (this.#journal.entries > ENTRIES_MAX) {
      const error = new TerminalError('execution.too_long', `An execution may have ${ENTRIES_MAX} entries.`)
      return this.#end({ kind: 'threw', error })
    }
    for (const ask of turn.asks) if (ask.kind !== 'sleep' && ask.kind !== 'wait') this.#work.begin(ask)
    const waits = turn.asks.filter((ask) => ask.kind === 'sleep' || ask.kind === 'wait')
    for (const ask of waits) this.#beginWait(ask, ask === waits.at(-1))
    this.rest()
  }

  /** It waits when the last of a turn is durable: a process that finds it waiting does not look whether there should be more. */
  #beginWait(ask: SleepAsk | WaitAsk, isLast: boolean): void {
    const begun = this.#waits.begin(ask, isLast && !this.#isAtWork ? 'waiting' : 'running')
    const then = (isAnswered: boolean) => {
      if (isAnswered) return
      if (ask.until_ms !== null) this.#host.timerSet(ask.until_ms)
      this.rest()
    }
    begun.then(then).catch((error: unknown) => this.fault(error))
  }

  /** What is recorded and not yet handed over counts: who leaves memory before would not hear of it. */
  get #isAtWork(): boolean {
    return this.#replaying || !this.#work.isIdle || this.#turns > 0 || !this.#inOrder.isEmpty
  }

  /** If nothing is under way but time: says so, and leaves memory if it will be long. */
  rest(): void {
    if (this.#over || this.#ending) return
    if (this.#isAtWork || this.#waits.isEmpty) return this.#journal.flushSoon(this.status)
    this.slot?.rest()
    this.#journal.flushSoon('waiting')
    if (!this.#journal.isClean) return
    if (this.#waits.areSleeps) return this.#leaveIfResting()
    // Whatever ends the wait may be near: what comes soon finds the handler where it is.
    this.#cancelLeave ??= this.#parts.clock.after(STAY_AWAKE_MS, () => this.#leaveIfResting())
  }

  #leaveIfResting(): void {
    this.#cancelLeave = null
    const isResting = !this.#isAtWork && !this.#waits.isEmpty && this.#journal.isClean
    const { wakes_ms } = this.#waits
    if (this.#over || this.#ending || !isResting) return
    if (wakes_ms === null || wakes_ms - this.#parts.clock.now() > STAY_AWAKE_MS) this.#leave()
  }

  #stay(): void {
    this.#cancelLeave?.()
    this.#cancelLeave = null
  }

  /** The handler has ended, or is not waited for any longer. `outcome` is null for the latter. */
  async #end(outcome: Outcome | null): Promise<void> {
    if (this.#ending) return
    // An error takes its stack, which is dear: most handlers leave nothing behind.
    if (!this.#work.isIdle) await this.#work.stop(new Cancelled('The handler has ended.'))
    const ending = decideEnding(this.#definition, outcome, this.#cancel, this.#history.compensating)
    switch (ending.kind) {
      case 'complete':
        return this.#complete(ending.result)
      case 'undo':
        return this.#undo(ending.as, ending.cause)
      case 'pause':
        return this.#pauseNow(ending.error, {})
      case 'park':
        return this.#park(ending.error)
      default:
        ending satisfies never
    }
  }

  async #complete(result: string): Promise<void> {
    this.#ending = true
    const completed = this.#finish.complete(result)
    this.#completing = settled(completed)
    this.end = await completed
    this.#leave()
  }

  async #undo(status: 'failed' | 'cancelled', cause: Failure): Promise<void> {
    this.#ending = true
    this.end = await this.#finish.undo(status, cause, this.#cancel)
    if (!this.#over) this.#leave()
  }

  async #pauseNow(error: Failure | null, actor: Actor): Promise<void> {
    this.#ending = true
    const paused = this.#finish.pause(error, actor)
    this.#pausing = settled(paused)
    await paused
    this.#leave()
  }

  async #park(error: Failure): Promise<void> {
    this.#ending = true
    await this.#finish.park(error)
    this.#leave()
  }

  #leave(): void {
    this.#over = true
    this.#stay()
    this.#progress.stop()
    // What runs in order keeps its turn over a wait.
    if (this.end) this.slot?.release()
    else this.slot?.rest()
    this.#host.left(this.row, this.end)
  }
}

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
import type { Outcome, Recorded, Turn } from '@biplane/realm/port'
import { Run } from '@biplane/realm/run'

import { Fenced, StoreClosed } from '../store/error.ts'
import type { ExecutionRow, Lease } from '../store/port.ts'
import { decideEnding } from './ending.ts'
import type { CancelRequest, End, History } from './history.ts'
import { AlreadyEnded, Journal } from './journal.ts'
import { CANCEL_GRACE_MS, ENTRIES_MAX, RECOVERIES_MAX, STAY_AWAKE_MS } from './limits.ts'
import type { EngineParts } from './ports.ts'
import { ProgressThrottle } from './progress.ts'
import { UndoFailed, compensate } from './saga.ts'
import { Sleeps } from './sleeps.ts'
import { Work, type WorkOwner } from './work.ts'

export interface ExecutionHost {
  /** The execution has left memory: it ended, waits, is paused or parked. */
  left(live: LiveExecution): void
  timerSet(due_ms: number): void
}

export class LiveExecution implements WorkOwner {
  readonly row: ExecutionRow
  readonly #parts: EngineParts
  readonly #host: ExecutionHost
  readonly #definition: IntentDefinition
  readonly #history: History
  readonly #journal: Journal
  readonly #work: Work
  readonly #sleeps: Sleeps
  readonly #run: Run
  readonly #progress: ProgressThrottle
  readonly #stopped = new AbortController()
  #queue: Promise<void> = Promise.resolve()
  #replaying = true
  #cancel: CancelRequest | null
  #ending = false
  /** Ends the patience with a handler that was cancelled. */
  #cancelGrace = () => {}
  #over = false
  /** Settles when the completion is written, or could not be. */
  #completing: Promise<void> = Promise.resolve()
  /** Null while it has not ended. */
  end: End | null = null

  constructor(
    parts: EngineParts,
    host: ExecutionHost,
    row: ExecutionRow,
    lease: Lease,
    definition: IntentDefinition,
    history: History,
  ) {
    this.#parts = parts
    this.#host = host
    this.row = row
    this.#definition = definition
    this.#history = history
    this.#cancel = history.cancel
    this.#journal = new Journal(parts, row, lease, history.entries, (error) => this.#flushed(error))
    this.#work = new Work(parts, this, this.#journal, history.steps)
    this.#sleeps = new Sleeps(row, this.#journal, history.sleeping)
    this.#progress = new ProgressThrottle(parts.clock, this.#journal, (error) => this.fault(error))
    this.#run = new Run(definition, history.payload, this.#identity(), ({ code, message }) =>
      this.pause(new PauseError(code, message)),
    )
  }

  get tenantId() {
    return this.row.tenant_id
  }
  get sessionId() {
    return this.row.session_id
  }
  get executionId() {
    return this.row.execution_id
  }
  get status() {
    return this.#journal.status
  }

  /** Replays what is recorded and goes on. `recovering`: the process that ran it before is gone. */
  start(recovering: boolean): void {
    this.#enqueue(async () => {
      if (recovering && !(await this.#claim())) return
      const turn = await this.#run.advance(this.#history.records)
      this.#replaying = false
      this.#history.records = []
      if (this.#history.compensating || this.#cancel?.mode === 'kill') await this.#end(turn.outcome)
      else await this.#react(turn)
    })
  }

  /** The first cancel counts. One that comes when the end is being written resolves once it is. */
  async cancel(request: CancelRequest): Promise<void> {
    if (this.#cancel || this.#ending || this.#over) return this.#completing
    this.#cancel = request
    const entry = this.#journal.entry('execution.cancelling', request)
    const clearTimers = this.#sleeps.drop()
    const seq = await this.#journal.commit([entry], { status: 'running', clearTimers })
    if (request.mode === 'kill') {
      this.#enqueue(() => this.#end(null))
      return
    }
    const reason = request.reason === undefined ? {} : { reason: request.reason }
    void this.#work.stop(new Cancelled(request.reason))
    this.#handOver([{ kind: 'cancel', seq, time_ms: entry.time_ms, ...reason }])
    this.#cancelGrace = this.#parts.clock.after(CANCEL_GRACE_MS, () => this.#enqueue(() => this.#end(null)))
  }

  /** A timer of this execution is due. Resolves when that is recorded. */
  wake(ordinal: number): Promise<void> {
    return new Promise((resolve) => {
      this.#enqueue(async () => {
        const record = await this.#sleeps.end(ordinal).finally(resolve)
        if (record) this.#handOver([record])
      }, resolve)
    })
  }

  /** Stops where it is; nothing more is committed, and a later owner goes on. */
  async stop(): Promise<void> {
    this.#over = true
    this.#cancelGrace()
    this.#progress.stop()
    this.#journal.forget()
    const reason = new Cancelled('The runtime is stopping.')
    this.#stopped.abort(reason)
    await this.#work.stop(reason)
  }

  deliver(record: Recorded): void {
    this.#handOver([record])
  }

  pause(error: unknown): void {
    this.#enqueue(() => this.#pauseNow(toFailure(error)))
  }

  progress(progress: Progress, step?: string): void {
    if (!this.#replaying && !this.#over) this.#progress.report(progress, step)
  }

  /** Ends the stay in memory after an error that is not the realm's. */
  fault(error: unknown): void {
    if (this.#over) return
    const ids = { execution_id: this.executionId, error: String(error) }
    if (error instanceof Fenced || error instanceof StoreClosed || error instanceof AlreadyEnded) {
      this.#parts.log.info(ids, 'an execution is no longer this process’s to run')
    } else this.#parts.log.error({ ...ids, stack: (error as Error).stack }, 'an execution stopped on an internal error')
    void this.stop()
    this.#host.left(this)
  }

  #handOver(records: Recorded[]): void {
    this.#enqueue(async () => this.#react(await this.#run.advance(records)))
  }

  #enqueue(task: () => Promise<void>, ifOver?: () => void): void {
    this.#queue = this.#queue
      .then(() => (this.#over ? ifOver?.() : task()))
      .catch((error: unknown) => this.fault(error))
  }

  /** Counts the restart in the log. False if it has been enough of them. */
  async #claim(): Promise<boolean> {
    const recoveries = this.#history.recoveries + 1
    if (recoveries > RECOVERIES_MAX) {
      const message = `The process died ${RECOVERIES_MAX} times in a row while it ran this execution.`
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
    for (const ask of turn.asks) if (ask.kind !== 'sleep') this.#work.begin(ask)
    for (const ask of turn.asks) {
      if (ask.kind !== 'sleep') continue
      const begun = this.#sleeps.begin(ask, this.#work.isIdle ? 'waiting' : 'running')
      begun.then(() => this.#asleep(ask.until_ms)).catch((error: unknown) => this.fault(error))
    }
    this.#rest()
  }

  #asleep(until_ms: number): void {
    this.#host.timerSet(until_ms)
    this.#rest()
  }

  /** If nothing is under way but time: says so, and leaves memory if it will be long. */
  #rest(): void {
    if (this.#over) return
    const { wakes_ms } = this.#sleeps
    if (!this.#work.isIdle || wakes_ms === null) return this.#journal.flushSoon(this.status)
    this.#journal.flushSoon('waiting')
    if (this.#journal.isClean && wakes_ms - this.#parts.clock.now() > STAY_AWAKE_MS) this.#leave()
  }

  #flushed(error: unknown): void {
    if (error) this.fault(error)
    else this.#rest()
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
        return this.#pauseNow(ending.error)
      case 'park':
        return this.#park(ending.error)
      default:
        ending satisfies never
    }
  }

  async #complete(result: string): Promise<void> {
    this.#ending = true
    const entry = { ...this.#journal.entry('execution.completed', { result: null }), data: `{"result":${result}}` }
    const committed = this.#journal.commit([entry], { status: 'completed' })
    this.#completing = committed.then(
      () => {},
      () => {},
    )
    await committed
    this.end = { status: 'completed', compensated: false, result, error: null }
    this.#leave()
  }

  async #undo(status: 'failed' | 'cancelled', cause: Failure): Promise<void> {
    this.#ending = true
    const compensated = await this.#compensate(cause)
    if (compensated === null) return
    const isCancel = status === 'cancelled'
    const entry = isCancel
      ? this.#journal.entry('execution.cancelled', { compensated, ...actorOf(this.#cancel) })
      : this.#journal.entry('execution.failed', { error: cause, compensated })
    await this.#journal.commit([entry], { status, compensated })
    this.end = { status, compensated, result: null, error: isCancel ? null : cause }
    this.#leave()
  }

  /** Whether anything was taken back; null if it had to be parked on the way. */
  async #compensate(cause: Failure): Promise<boolean | null> {
    try {
      return await compensate({
        parts: this.#parts,
        journal: this.#journal,
        executionId: this.executionId,
        tenantId: this.tenantId,
        sessionId: this.sessionId,
        undoable: this.#run.undoable,
        historyOf: (ask) => this.#work.historyOf(ask),
        cause,
        begun: this.#history.compensating !== null,
        signal: this.#stopped.signal,
      })
    } catch (error) {
      if (!(error instanceof UndoFailed)) throw error
      await this.#park(error.failure)
      return null
    }
  }

  async #pauseNow(error: Failure): Promise<void> {
    this.#ending = true
    await this.#work.stop(new Cancelled('The execution is paused.'))
    const entry = this.#journal.entry('execution.paused', { error })
    await this.#journal.commit([entry], { status: 'paused', clearTimers: this.#sleeps.drop() })
    this.#leave()
  }

  async #park(error: Failure): Promise<void> {
    this.#ending = true
    const entry = this.#journal.entry('execution.parked', { error })
    await this.#journal.commit([entry], { status: 'parked', clearTimers: this.#sleeps.drop() })
    this.#leave()
  }

  #leave(): void {
    this.#over = true
    this.#cancelGrace()
    this.#progress.stop()
    this.#host.left(this)
  }

  #identity() {
    return {
      tenantId: this.tenantId,
      sessionId: this.sessionId,
      intentId: this.row.intent_id,
      executionId: this.executionId,
      intentType: this.row.intent_type,
      acceptedSeq: this.#history.accepted.seq,
      acceptedMs: this.#history.accepted.time_ms,
      progress: (progress: Progress) => this.progress(progress),
    }
  }
}

const actorOf = (request: CancelRequest | null) => ({
  ...(request?.by === undefined ? {} : { by: request.by }),
  ...(request?.reason === undefined ? {} : { reason: request.reason }),
})

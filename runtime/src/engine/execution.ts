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
import { jsonOf } from '@biplane/realm/json'
import type { Ask, Outcome, Recorded, Turn } from '@biplane/realm/port'
import { Run } from '@biplane/realm/run'

import { Fenced, StoreClosed } from '../store/error.ts'
import type { ExecutionRow, Lease } from '../store/port.ts'
import type { CancelRequest, End, History } from './history.ts'
import { AlreadyEnded, Journal } from './journal.ts'
import { CANCEL_GRACE_MS, ENTRIES_MAX, RECOVERIES_MAX, STAY_AWAKE_MS } from './limits.ts'
import type { EngineParts } from './ports.ts'
import { ProgressThrottle } from './progress.ts'
import { UndoFailed, compensate } from './saga.ts'
import { Work, type WorkOwner } from './work.ts'

type SleepAsk = Extract<Ask, { kind: 'sleep' }>

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
  readonly #run: Run
  readonly #progress: ProgressThrottle
  readonly #stopped = new AbortController()
  readonly #sleeping = new Map<number, SleepAsk>()
  #queue: Promise<void> = Promise.resolve()
  #replaying = true
  #cancel: CancelRequest | null
  #ending = false
  #over = false
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

  /** The first cancel counts; one that comes when the end is being written changes nothing. */
  async cancel(request: CancelRequest): Promise<void> {
    if (this.#cancel || this.#ending || this.#over) return
    this.#cancel = request
    const entry = this.#journal.entry('execution.cancelling', request)
    const clearTimers = [...this.#sleeping.keys()]
    this.#sleeping.clear()
    const seq = await this.#journal.commit([entry], { status: 'running', clearTimers })
    if (request.mode === 'kill') {
      this.#enqueue(() => this.#end(null))
      return
    }
    const reason = request.reason === undefined ? {} : { reason: request.reason }
    void this.#work.stop(new Cancelled(request.reason))
    this.#handOver([{ kind: 'cancel', seq, time_ms: entry.time_ms, ...reason }])
    this.#parts.clock.after(CANCEL_GRACE_MS, () => this.#enqueue(() => this.#end(null)))
  }

  /** A timer of this execution is due. Resolves when that is recorded. */
  wake(ordinal: number): Promise<void> {
    return new Promise((resolve) => {
      this.#enqueue(async () => {
        await this.#resume(ordinal).finally(resolve)
      }, resolve)
    })
  }

  /** Stops where it is; nothing more is committed, and a later owner goes on. */
  async stop(): Promise<void> {
    this.#over = true
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
    for (const ask of turn.asks) if (ask.kind === 'sleep') this.#sleep(ask)
    this.#rest()
  }

  #sleep(ask: SleepAsk): void {
    this.#sleeping.set(ask.ordinal, ask)
    const { ordinal, name, until_ms: due_ms } = ask
    const until = new Date(due_ms).toISOString()
    const known = this.#history.sleeping.has(ordinal)
    const entries = known ? [] : [this.#journal.entry('execution.waiting', { ordinal, name, until })]
    const status = this.#work.isIdle ? 'waiting' : 'running'
    // A known sleep sets its timer again: being paused has cleared it.
    this.#journal
      .commit(entries, { status, setTimers: [{ execution_id: this.executionId, ordinal, due_ms }] })
      .then(() => {
        this.#host.timerSet(due_ms)
        this.#rest()
      })
      .catch((error: unknown) => this.fault(error))
  }

  async #resume(ordinal: number): Promise<void> {
    const ask = this.#sleeping.get(ordinal)
    this.#sleeping.delete(ordinal)
    if (!ask) {
      await this.#journal.commit([], { clearTimers: [ordinal] })
      return
    }
    const call = { ordinal, name: ask.name }
    const entry = this.#journal.entry('execution.resumed', call)
    const seq = await this.#journal.commit([entry], { status: 'running', clearTimers: [ordinal] })
    const answer = { kind: 'value' as const, value: undefined }
    this.#handOver([{ kind: 'answer', seq, time_ms: entry.time_ms, call, answer }])
  }

  /** Nothing is under way but time: says so, and leaves memory if it will be long. */
  #rest(): void {
    if (this.#over || !this.#work.isIdle || this.#sleeping.size === 0) return this.#journal.flushSoon(this.status)
    this.#journal.flushSoon('waiting')
    const wakes_ms = Math.min(...[...this.#sleeping.values()].map((ask) => ask.until_ms))
    if (!this.#journal.isClean || wakes_ms - this.#parts.clock.now() < STAY_AWAKE_MS) return
    this.#leave()
  }

  #flushed(error: unknown): void {
    if (error) this.fault(error)
    else this.#rest()
  }

  /** The handler has ended, or is not waited for any longer. `outcome` is null for the latter. */
  async #end(outcome: Outcome | null): Promise<void> {
    if (this.#ending) return
    await this.#work.stop(new Cancelled('The handler has ended.'))
    if (outcome?.kind === 'diverged') return this.#diverged(outcome.divergence)
    if (this.#history.compensating || this.#cancel) return this.#compensate(this.#cause(outcome))
    if (outcome?.kind === 'returned') return this.#complete(outcome.value)
    const error = outcome?.kind === 'threw' ? outcome.error : null
    if (error instanceof PauseError) return this.#pauseNow(toFailure(error))
    return this.#compensate(toFailure(error))
  }

  async #complete(value: unknown): Promise<void> {
    let text: string
    try {
      text = resultText(this.#definition, value)
    } catch (error) {
      return this.#compensate(toFailure(error))
    }
    this.#ending = true
    const entry = { ...this.#journal.entry('execution.completed', { result: null }), data: `{"result":${text}}` }
    await this.#journal.commit([entry], { status: 'completed' })
    this.end = { status: 'completed', compensated: false, result: text, error: null }
    this.#leave()
  }

  async #compensate(cause: Failure): Promise<void> {
    this.#ending = true
    let compensated: boolean
    try {
      compensated = await compensate({
        parts: this.#parts,
        journal: this.#journal,
        executionId: this.executionId,
        tenantId: this.tenantId,
        undoable: this.#run.undoable,
        historyOf: (ask) => this.#work.historyOf(ask),
        cause,
        begun: this.#history.compensating !== null,
        signal: this.#stopped.signal,
      })
    } catch (error) {
      if (error instanceof UndoFailed) return this.#park(error.failure)
      throw error
    }
    const status = this.#cancel ? 'cancelled' : 'failed'
    const entry = this.#cancel
      ? this.#journal.entry('execution.cancelled', { compensated, ...actorOf(this.#cancel) })
      : this.#journal.entry('execution.failed', { error: cause, compensated })
    await this.#journal.commit([entry], { status, compensated })
    this.end = { status, compensated, result: null, error: this.#cancel ? null : cause }
    this.#leave()
  }

  #cause(outcome: Outcome | null): Failure {
    if (this.#history.compensating) return this.#history.compensating
    if (outcome?.kind === 'threw' && !(outcome.error instanceof Cancelled)) return toFailure(outcome.error)
    return toFailure(new Cancelled(this.#cancel?.reason))
  }

  /** A handler that cannot be replayed cannot be undone either: then an operator must decide. */
  async #diverged(divergence: Failure): Promise<void> {
    if (this.#history.compensating || this.#cancel) await this.#park(divergence)
    else await this.#pauseNow(divergence)
  }

  async #pauseNow(error: Failure): Promise<void> {
    this.#ending = true
    await this.#work.stop(new Cancelled('The execution is paused.'))
    const clearTimers = [...this.#sleeping.keys()]
    await this.#journal.commit([this.#journal.entry('execution.paused', { error })], { status: 'paused', clearTimers })
    this.#leave()
  }

  async #park(error: Failure): Promise<void> {
    this.#ending = true
    const clearTimers = [...this.#sleeping.keys(), ...this.#history.sleeping]
    await this.#journal.commit([this.#journal.entry('execution.parked', { error })], { status: 'parked', clearTimers })
    this.#leave()
  }

  #leave(): void {
    this.#over = true
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

const actorOf = ({ by, reason }: CancelRequest) => ({
  ...(by === undefined ? {} : { by }),
  ...(reason === undefined ? {} : { reason }),
})

/** @throws TerminalError if the handler returned what its schema does not allow */
function resultText(definition: IntentDefinition, value: unknown): string {
  const parsed = definition.result.safeParse(value)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: '' }
    throw new TerminalError('result.invalid', `The result of ${definition.type} at "${path.join('.')}": ${message}`)
  }
  return jsonOf(parsed.data, `The result of ${definition.type}`, 'result')
}

// The work that a handler asked for and that is under way: steps with their attempts, reads and writes of state. Each piece
// ends by committing its result and then handing it over; or without a word, if the execution was cancelled meanwhile.

import { type Progress, type SessionId, type TenantId, timeOf } from '@biplane/protocol'
import type { StepContext } from '@biplane/realm'
import { TerminalError, toFailure } from '@biplane/realm/error'
import type { Answer, Ask, Call, ChildAsk, StepAsk } from '@biplane/realm/port'

import { type AttemptEnd, runAttempt, stepKey } from './attempt.ts'
import type { AnsweredAtOnce } from './child-calls.ts'
import { callOf } from './entry.ts'
import { type StepHistory, callId, newStep } from './history.ts'
import type { InOrder } from './in-order.ts'
import type { Journal } from './journal.ts'
import type { ExecutionRow, NewEntry } from '../store/port.ts'
import { paused } from './pause.ts'
import type { EngineParts } from './ports.ts'
import { pauseMs, reactionTo } from './retry.ts'
import { StepStreams } from './step-stream.ts'
import { tooLong } from './too-long.ts'

type StateAsk = Extract<Ask, { kind: 'read_state' | 'compare_and_set' }>
export type WorkAsk = StepAsk | StateAsk | ChildAsk

export interface WorkOwner {
  readonly row: ExecutionRow
  /** Hands what `recorded` answers to the handler, in the order of the log. */
  deliver: InOrder['deliver']
  /** Has a child accepted, and waits for it if it is to. Null when that is done, else what the call is answered at once. */
  callChild(ask: ChildAsk): Promise<AnsweredAtOnce | null>
  /** A piece of work has ended without a word. */
  rest(): void
  /** A step asks for a person. */
  pause(error: unknown): void
  /** Something went wrong that is not the realm's doing. */
  fault(error: unknown): void
  progress(progress: Progress, step: string): void
}

export class Work {
  readonly #parts: EngineParts
  readonly #owner: WorkOwner
  readonly #journal: Journal
  readonly #steps: Map<string, StepHistory>
  readonly #underWay = new Map<string, Promise<void>>()
  /** Aborts all that is under way; what begins after a stop has a new one. */
  #abort = new AbortController()

  constructor(parts: EngineParts, owner: WorkOwner, journal: Journal, steps: Map<string, StepHistory>) {
    this.#parts = parts
    this.#owner = owner
    this.#journal = journal
    this.#steps = steps
  }

  get isIdle(): boolean {
    return this.#underWay.size === 0
  }

  begin(ask: WorkAsk): void {
    const id = callId(ask)
    const ended = this.#perform(ask, this.#abort.signal)
      .catch((error: unknown) => this.#owner.fault(error))
      .finally(() => this.#underWay.delete(id))
    this.#underWay.set(id, ended)
  }

  /** Aborts everything and waits until it has ended; each attempt bounds its own end. */
  async stop(reason: Error): Promise<void> {
    const pieces = [...this.#underWay.values()]
    const abort = this.#abort
    this.#abort = new AbortController()
    abort.abort(reason)
    await Promise.all(pieces)
  }

  historyOf(call: Call): StepHistory {
    const id = callId(call)
    const known = this.#steps.get(id)
    if (known) return known
    const step = newStep(callOf(call))
    this.#steps.set(id, step)
    return step
  }

  #perform(ask: WorkAsk, signal: AbortSignal): Promise<void> {
    switch (ask.kind) {
      case 'step':
        return this.#step(ask, signal)
      case 'read_state':
        return this.#readState(ask)
      case 'compare_and_set':
        return this.#compareAndSet(ask)
      case 'call':
        return this.#call(ask)
    }
  }

  async #step(ask: StepAsk, signal: AbortSignal): Promise<void> {
    const step = this.historyOf(ask)
    if (ask.options.undo && !step.started) {
      await this.#journal.commit([this.#journal.entry('step.started', { ...callOf(ask), attempt: 1 })])
      step.started = true
    }
    let again = step.end === null
    while (again && (await this.#isDue(step, signal))) again = await this.#attempt(ask, step, signal)
  }

  /** One attempt and its record. True if another is to follow. */
  async #attempt(ask: StepAsk, step: StepHistory, signal: AbortSignal): Promise<boolean> {
    const attempt = step.failures + 1
    const { name, options } = ask
    const { execution_id, intent_type } = this.#owner.row
    let streams: StepStreams | null = null
    const stream = (streamName: string) =>
      (streams ??= new StepStreams(this.#journal, this.#parts.clock, ask, attempt)).named(streamName)
    const run = (attemptSignal: AbortSignal) => {
      const context = this.#stepContext(ask, attempt, attemptSignal, stream)
      return this.#parts.perform(ask, context, { execution_id, intent_type })
    }
    const ran = await runAttempt({ name, run, timeoutMs: options.timeoutMs, signal }, this.#parts.clock)
    const end = streams ? await spoken(streams, ran) : ran
    if (end.kind === 'error') return !signal.aborted && this.#failed(ask, step, attempt, end.error)
    step.end = 'completed'
    if (options.undo) step.result = end.text
    const data = { ...callOf(ask), attempt, duration_ms: end.duration_ms }
    const answer = { kind: 'value', value: JSON.parse(end.text) as unknown } as const
    await this.#conclude(ask, answer, this.#journal.entry('step.completed', data, `{"result":${end.text}}`))
    return false
  }

  async #failed(ask: StepAsk, step: StepHistory, attempt: number, thrown: unknown): Promise<boolean> {
    const isLast = this.#journal.isFull
    const reaction = isLast ? 'fail' : reactionTo(thrown, attempt, ask.options.retry)
    if (reaction === 'pause') {
      this.#owner.pause(thrown)
      return false
    }
    const error = toFailure(isLast ? tooLong() : thrown)
    const data = { ...callOf(ask), attempt, error }
    step.failures = attempt
    if (reaction === 'fail') {
      step.end = 'failed'
      const entry = this.#journal.entry('step.failed', { ...data, final: true })
      await this.#conclude(ask, { kind: 'failure', failure: error }, entry)
      return false
    }
    step.retry_at_ms = this.#parts.clock.now() + pauseMs(attempt, this.#parts.random(), ask.options.retry)
    const retry_at = timeOf(step.retry_at_ms)
    await this.#journal.commit([this.#journal.entry('step.failed', { ...data, final: false, retry_at })])
    return true
  }

  async #readState(ask: Extract<StateAsk, { kind: 'read_state' }>): Promise<void> {
    // What the handler wrote before must be seen, so it goes out first.
    await this.#journal.written()
    const row = await this.#parts.store.getState(ask.scope, this.#ownerOf(ask), ask.name)
    const versioned = row && { value: JSON.parse(row.value) as unknown, revision: row.revision }
    const data = { ...callOf(ask), scope: ask.scope }
    const entry = this.#journal.entry('state.read', data, JSON.stringify({ versioned }))
    await this.#conclude(ask, { kind: 'value', value: versioned }, entry)
  }

  async #compareAndSet(ask: Extract<StateAsk, { kind: 'compare_and_set' }>): Promise<void> {
    const data = { ...callOf(ask), scope: ask.scope, revision: ask.revision + 1 }
    const entry = this.#journal.entry('state.changed', data, `{"asked":true,"value":${ask.value}}`)
    const write = { scope: ask.scope, key: ask.name, value: ask.value, revision: ask.revision }
    await this.#owner.deliver(async () => {
      const written = await this.#journal.compareAndSet(entry, write)
      if ('seq' in written) return this.#ended(ask, { kind: 'value', value: data.revision }, entry, written.seq)
      const refused = this.#journal.entry('state.refused', { ...data, revision: written.conflict })
      return this.#concluded(ask, { kind: 'conflict', revision: written.conflict }, refused)
    })
  }

  async #call(ask: ChildAsk): Promise<void> {
    // What the handler noted before stands before the child in the log.
    if (!this.#journal.isClean) await this.#journal.commit([])
    const isAnswered = await this.#owner.deliver(async () => {
      const called = await this.#owner.callChild(ask)
      if (!called) return null
      const { answer, entry, seq } = called
      return seq === undefined ? this.#concluded(ask, answer, entry) : this.#ended(ask, answer, entry, seq)
    })
    if (isAnswered) return
    this.#underWay.delete(callId(ask))
    this.#owner.rest()
  }

  async #conclude(ask: Ask, answer: Answer, entry: NewEntry): Promise<void> {
    await this.#owner.deliver(() => this.#concluded(ask, answer, entry))
  }

  async #concluded(ask: Ask, answer: Answer, entry: NewEntry) {
    return this.#ended(ask, answer, entry, await this.#journal.commit([entry], { status: 'running' }))
  }

  #ended(ask: Ask, answer: Answer, { time_ms }: NewEntry, seq: number) {
    // No longer under way, before the handler is told: it may ask for the end at once.
    this.#underWay.delete(callId(ask))
    return { kind: 'answer' as const, seq, time_ms, call: callOf(ask), answer }
  }

  /** True when the next attempt is due; false if it was aborted before. */
  #isDue({ retry_at_ms }: StepHistory, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#parts
    return paused({ clock, ms: retry_at_ms - clock.now(), signal })
  }

  #stepContext(ask: StepAsk, attempt: number, signal: AbortSignal, stream: StepContext['stream']) {
    const { tenant_id, execution_id } = this.#owner.row
    const { artifacts } = this.#parts
    return {
      key: stepKey(execution_id, callId(ask)),
      attempt,
      signal,
      get artifacts() {
        return artifacts.of(tenant_id, signal)
      },
      progress: (progress: Progress) => this.#owner.progress(progress, ask.name),
      stream,
    }
  }

  #ownerOf(ask: StateAsk): SessionId | TenantId {
    return ask.scope === 'session' ? this.#owner.row.session_id : this.#owner.row.tenant_id
  }
}

/** Ends what an attempt streamed: it may have been more than its execution may have. */
async function spoken(streams: StepStreams, end: AttemptEnd): Promise<AttemptEnd> {
  try {
    await streams.end()
    return end
  } catch (error) {
    if (error instanceof TerminalError) return { kind: 'error', error, duration_ms: end.duration_ms }
    throw error
  }
}

// Runs a handler against the records of its execution. The same code serves the first run, every replay and the tests of a
// realm, so that they cannot differ.
//
// What makes a replay come out as the first run did:
//  - Records are handed over one at a time, in the order of the log, and the microtask queue is drained in between. Then
//    `Promise.all`, `race` and `allSettled` see the same order of settlement each time. The first run does it the same way.
//  - A call is known by its place among the handler's calls and its name (or by name and key).
//  - The handler may call its context only while it reacts to what it was handed. Whatever else it awaits would come at
//    another moment in a replay; so a handler that is left waiting for nothing of ours, or that calls from elsewhere, has diverged.

import type { Context } from '../context.ts'
import type { IntentDefinition } from '../define.ts'
import { ApprovalRefused, Cancelled, ChildFailed, StateConflict, StepFailed, WaitExpired } from '../error.ts'
import {
  CALLS_MAX,
  NOTED_CHARS_MAX,
  PENDING_ASKS_MAX,
  charsOf,
  tooManyCalls,
  tooManyWait,
  tooMuchNoted,
} from './bounds.ts'
import { drained, turned } from './drain.ts'
import { type Identity, handlerContext } from './handler-context.ts'
import type { Answer, Ask, Call, Divergence, Note, Outcome, Recorded, Turn, UndoableAsk } from './port.ts'
import { REPLAY, REPLAY_BOUNDED } from './replay.ts'

export type { Identity }

/** In a long replay the event loop turns once after so many records, so that others are served. */
const RECORDS_PER_TURN = 256
/** The place of a call among the calls, or its name and key. */
type CallId = number | string

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
}

export class Run {
  readonly #definition: IntentDefinition
  readonly #payload: unknown
  readonly #context: Context
  readonly #replay: number
  #abort: AbortController | null = null
  readonly #names = new Map<CallId, string>()
  readonly #pending = new Map<CallId, Pending>()
  /** Steps and calls with undo that were asked for so far, in that order: where a saga finds its undo functions. */
  readonly undoable: UndoableAsk[] = []
  readonly #onStray: (divergence: Divergence) => void
  #asks: Ask[] = []
  #notes = new Map<CallId, Note>()
  #outcome: Outcome | null = null
  #started = false
  #reacting = false
  #ordinal = 0
  /** JSON text of the notes since the last record. */
  #notedChars = 0
  /** The last record handed over, from which `now` and `random` derive. */
  moment: { seq: number; time_ms: number }

  /** `onStray` is told if the handler calls its context when it was handed nothing. */
  constructor(
    definition: IntentDefinition,
    payload: unknown,
    identity: Identity,
    onStray: (divergence: Divergence) => void,
  ) {
    this.#definition = definition
    this.#payload = payload
    this.#onStray = onStray
    this.#replay = identity.replay
    this.moment = { seq: identity.acceptedSeq, time_ms: identity.acceptedMs }
    this.#context = handlerContext(identity, this)
  }

  /** Hands over records in the order of the log and answers what the handler does then. One call at a time. */
  async advance(records: readonly Recorded[]): Promise<Turn> {
    this.#reacting = true
    if (!this.#started) await this.#start()
    let handed = 0
    for (const record of records) {
      if (this.#outcome?.kind === 'diverged') break
      this.#hand(record)
      await drained()
      if (++handed % RECORDS_PER_TURN === 0) await turned()
    }
    if (!this.#outcome && this.#pending.size === 0) await this.#expectCall()
    this.#reacting = false
    return this.#takeTurn()
  }

  /** A call that will be answered by a record. */
  ask(ask: Ask): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    // A handler may look at a promise late or never; its rejection is still ours, not the process's.
    promise.catch(() => {})
    if (this.#pending.size >= PENDING_ASKS_MAX) throw tooManyWait()
    this.#pending.set(this.#register(ask), { resolve, reject })
    this.#asks.push(ask)
    if ((ask.kind === 'step' || ask.kind === 'call') && ask.options.undo) this.undoable.push(ask)
    return promise
  }

  /** A call that is not waited for. */
  note(note: Note): void {
    const chars = this.#notedChars + charsOf(note)
    if (chars > NOTED_CHARS_MAX && this.#isBounded) throw tooMuchNoted(note.name)
    this.#notedChars = chars
    this.#notes.set(this.#register(note), note)
  }

  /** Made when it is asked for: few handlers look at it. */
  get abortSignal(): AbortSignal {
    return this.#aborting().signal
  }

  nextOrdinal(): number {
    if (!this.#reacting) throw this.#stray()
    if (this.#ordinal >= CALLS_MAX && this.#isBounded) throw tooManyCalls()
    return this.#ordinal++
  }

  get #isBounded(): boolean {
    return this.#replay >= REPLAY_BOUNDED
  }

  async #start(): Promise<void> {
    this.#started = true
    if (this.#replay > REPLAY) return this.#refuseRules()
    const settle = (outcome: Outcome) => {
      this.#outcome ??= outcome
    }
    const handler = async () => this.#definition.run(this.#context, this.#payload as never)
    handler().then(
      (value) => settle({ kind: 'returned', value }),
      (error: unknown) => settle({ kind: 'threw', error }),
    )
    await drained()
  }

  #hand(record: Recorded): void {
    if (record.kind === 'note') return this.#handNote(record.call)
    this.moment = { seq: record.seq, time_ms: record.time_ms }
    this.#notedChars = 0
    if (record.kind === 'cancel') return this.#handCancel(record.reason)
    this.#handAnswer(record.call, record.answer)
  }

  #handNote(recorded: Call): void {
    const id = this.#find(recorded)
    if (id !== undefined) this.#notes.delete(id)
  }

  #handAnswer(recorded: Call, answer: Answer): void {
    const id = this.#find(recorded)
    const pending = id === undefined ? undefined : this.#pending.get(id)
    // Answered before, by a cancel: the step ended all the same, and the saga knows it from the log.
    if (id === undefined || !pending) return
    this.#pending.delete(id)
    settle(pending, recorded.name, answer)
  }

  #handCancel(reason?: string): void {
    const waiting = [...this.#pending.values()]
    this.#pending.clear()
    this.#asks = []
    const error = new Cancelled(reason)
    this.#aborting().abort(error)
    for (const { reject } of waiting) reject(error)
  }

  /** By the rules of this program its records could come out in another way, and nobody would know. */
  #refuseRules(): void {
    this.#diverge(
      'replay.unknown',
      `${this.#definition.type} began by the replay rules ${this.#replay}; this program knows those up to ${REPLAY}. ` +
        `Run the version of Biplane that it began with, or a later one.`,
    )
  }

  /** Nothing of ours is awaited. Let the loop turn once, for code that awaits a tick of the process; then it is foreign. */
  async #expectCall(): Promise<void> {
    await turned()
    if (this.#outcome || this.#pending.size > 0) return
    const last = this.#lastName()
    const where = last === undefined ? 'before its first call' : `after its call "${last}"`
    this.#diverge(
      'handler.foreign_await',
      `${this.#definition.type} awaits something that is not a call of its context, ${where}. ` +
        `Put it inside ctx.step, so that its result is recorded.`,
    )
  }

  #stray(): Error {
    this.#diverge(
      'handler.foreign_await',
      `${this.#definition.type} called its context when it had been handed nothing, after "${this.#lastName() ?? 'its start'}". ` +
        `Either a step's body uses ctx (use the step's own argument), or the handler awaited something outside ctx.step.`,
    )
    if (this.#outcome?.kind === 'diverged') this.#onStray(this.#outcome.divergence)
    return new Error('The context was called from outside the handler.')
  }

  #aborting(): AbortController {
    this.#abort ??= new AbortController()
    return this.#abort
  }

  #lastName(): string | undefined {
    return [...this.#names.values()].at(-1)
  }

  #register(call: Call): CallId {
    const id = idOf(call)
    if (this.#names.has(id)) throw new Error(`Two calls are named "${call.name}" with the key "${call.key}".`)
    this.#names.set(id, call.name)
    return id
  }

  /** The handler's call that a record belongs to; diverges if there is none or it has another name. */
  #find(recorded: Call): CallId | undefined {
    const id = idOf(recorded)
    const made = this.#names.get(id)
    if (made === recorded.name) return id
    const now = made === undefined ? 'does not make that call now' : `now makes the call "${made}" there`
    this.#diverge(
      'handler.diverged',
      `The log has "${recorded.name}" as call ${recorded.ordinal} of ${this.#definition.type}; the handler ${now}.`,
    )
    return undefined
  }

  #diverge(code: Divergence['code'], message: string): void {
    this.#outcome = { kind: 'diverged', divergence: { code, message } }
  }

  #takeTurn(): Turn {
    const asks = this.#asks.filter((ask) => this.#pending.has(idOf(ask)))
    const notes = [...this.#notes.values()]
    this.#asks = []
    this.#notes = new Map()
    return { asks, notes, outcome: this.#outcome }
  }
}

function settle({ resolve, reject }: Pending, name: string, answer: Answer): void {
  switch (answer.kind) {
    case 'value':
      return resolve(answer.value)
    case 'signal':
      return resolve(answer.signal)
    case 'failure':
      return reject(new StepFailed(name, answer.failure))
    case 'conflict':
      return reject(new StateConflict(name, answer.revision))
    case 'expired':
      return reject(new WaitExpired(name))
    case 'refused':
      return reject(new ApprovalRefused(name, answer))
    case 'child_failed':
      return reject(new ChildFailed(name, answer.execution_id, answer.failure))
    default:
      answer satisfies never
  }
}

const idOf = (call: Call): CallId => (call.key === undefined ? call.ordinal : `${call.name}\0${call.key}`)

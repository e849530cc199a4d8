// The calls of an execution to its children: each is accepted once, in the commit that tells of it in the parent's log.

import type { ExecutionId } from '@biplane/protocol'
import type { Answer, ChildAsk } from '@biplane/realm/port'

import type { ExecutionRow, NewEntry } from '../store/port.ts'
import { callOf } from './entry.ts'
import type { Child, ChildRequest, ExecutionHost } from './execution-host.ts'
import { type History, callId, newStep } from './history.ts'
import type { Journal } from './journal.ts'
import { childAnswer } from './returned.ts'
import type { Waits } from './waits.ts'

/** What a call is answered before its child has ended: `seq` is absent if `entry` is still to be committed. */
export interface AnsweredAtOnce {
  answer: Answer
  entry: NewEntry
  seq?: number
}

export class ChildCalls {
  readonly #row: ExecutionRow
  readonly #host: ExecutionHost
  readonly #journal: Journal
  readonly #waits: Waits
  readonly #history: History
  /** A child has ended while nobody looked. */
  readonly #wake: (timer: number) => void

  constructor(
    row: ExecutionRow,
    host: ExecutionHost,
    journal: Journal,
    waits: Waits,
    history: History,
    wake: (timer: number) => void,
  ) {
    this.#row = row
    this.#host = host
    this.#journal = journal
    this.#waits = waits
    this.#history = history
    this.#wake = wake
  }

  /** Null when the child is waited for. */
  async begin(ask: ChildAsk): Promise<AnsweredAtOnce | null> {
    const known = this.#history.children.get(callId(ask))
    if (known) {
      this.#waits.beginChild(ask, known)
      // It may have ended while its parent was paused, and its timer is gone.
      if (await this.#host.endOf(this.#row, known.execution_id)) this.#wake(known.timer)
      return null
    }
    const timer = this.#waits.timerForChild(ask)
    const call = { ...callOf(ask), ordinal: timer, detached: ask.detached }
    const called = (child_execution_id: ExecutionId) =>
      this.#journal.entry('child.called', { ...call, child_execution_id })
    const request: ChildRequest = { parent: this.#row, depth: this.#history.depth + 1, ask, timer, called }
    const child = await this.#journal.untilTaken(() => this.#host.acceptChild(request))
    if ('refused' in child) return this.#refused(ask, child)
    this.#journal.entries++
    const { execution_id, entry, seq } = child
    if (ask.detached) return { answer: { kind: 'value', value: execution_id }, entry, seq }
    const begun = { execution_id, timer }
    this.#history.children.set(callId(ask), begun)
    this.#history.steps.set(callId(ask), { ...newStep(callOf(ask)), started: true })
    this.#waits.beginChild(ask, begun)
    return null
  }

  #refused(ask: ChildAsk, { refused: error }: Extract<Child, { refused: unknown }>): AnsweredAtOnce {
    const returned = { status: 'failed', error, result: undefined } as const
    const entry = this.#journal.entry('child.returned', { ...callOf(ask), status: 'failed', error })
    return { answer: childAnswer(null, returned), entry }
  }
}

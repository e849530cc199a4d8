// The sleeps of an execution: each is a timer in the store, so that it outlives the process.

import { type Status, timeOf } from '@biplane/protocol'
import type { Ask, Recorded } from '@biplane/realm/port'

import type { ExecutionRow } from '../store/port.ts'
import type { Journal } from './journal.ts'

type SleepAsk = Extract<Ask, { kind: 'sleep' }>

export class Sleeps {
  readonly #row: ExecutionRow
  readonly #journal: Journal
  /** Ordinals that the log has as begun. */
  readonly #known: ReadonlySet<number>
  readonly #asks = new Map<number, SleepAsk>()

  constructor(row: ExecutionRow, journal: Journal, known: ReadonlySet<number>) {
    this.#row = row
    this.#journal = journal
    this.#known = known
  }

  /** Resolves when the timer is set. `status` is the execution's from then on. */
  async begin(ask: SleepAsk, status: Status): Promise<void> {
    const { ordinal, name, until_ms: due_ms } = ask
    this.#asks.set(ordinal, ask)
    const until = timeOf(due_ms)
    const entries = this.#known.has(ordinal) ? [] : [this.#journal.entry('execution.waiting', { ordinal, name, until })]
    // A known sleep sets its timer again: being paused has cleared it.
    const { execution_id } = this.#row
    await this.#journal.commit(entries, { status, setTimers: [{ execution_id, ordinal, due_ms }] })
  }

  /** A timer is due. Answers what the handler is to be handed; null if nothing of it waits for that any more. */
  async end(ordinal: number): Promise<Recorded | null> {
    const ask = this.#asks.get(ordinal)
    this.#asks.delete(ordinal)
    if (!ask) {
      await this.#journal.commit([], { clearTimers: [ordinal] })
      return null
    }
    const call = { ordinal, name: ask.name }
    const entry = this.#journal.entry('execution.resumed', call)
    const seq = await this.#journal.commit([entry], { status: 'running', clearTimers: [ordinal] })
    return { kind: 'answer', seq, time_ms: entry.time_ms, call, answer: { kind: 'value', value: undefined } }
  }

  /** Forgets them all, and answers whose timers are to be cleared. */
  drop(): number[] {
    const ordinals = new Set([...this.#asks.keys(), ...this.#known])
    this.#asks.clear()
    return [...ordinals]
  }

  /** When the first one ends; null if there is none. */
  get wakes_ms(): number | null {
    if (this.#asks.size === 0) return null
    return Math.min(...[...this.#asks.values()].map((ask) => ask.until_ms))
  }
}

// Stands before the store and sees every command of every process: the trace of a seed, and the moment at which each entry became
// durable.

import { type Hash, createHash } from 'node:crypto'

import type { NewEntry, Store } from '@biplane/runtime/store-port'

import type { Moment } from './outside.ts'

const WRITES: readonly string[] = [
  'claimShards',
  'createSession',
  'closeSession',
  'acceptIntent',
  'record',
  'sweepKeys',
]
/** Entries whose moment is kept. */
const REMEMBERED: readonly string[] = [
  'step.completed',
  'child.returned',
  'saga.step_undone',
  'saga.step_settled',
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'execution.superseded',
]
const UNTOLD: readonly string[] = ['now', 'onAppend']

type Method = (...ask: unknown[]) => unknown

export class Witness {
  /** What processes are to use. */
  readonly store: Store
  readonly #now: () => Moment
  readonly #hash: Hash = createHash('sha256')
  readonly #print: ((line: string) => void) | null
  readonly #durable = new Map<string, Moment>()
  commands = 0
  writes = 0

  /** `print` is given the trace, line by line. */
  constructor(store: Store, now: () => Moment, print: ((line: string) => void) | null) {
    this.#now = now
    this.#print = print
    this.store = new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as Method
        if (typeof name !== 'string' || typeof method !== 'function') return method
        if (UNTOLD.includes(name)) return (...ask: unknown[]) => method.apply(target, ask)
        return (...ask: unknown[]) => this.#carryOut(name, ask, () => method.apply(target, ask) as Promise<unknown>)
      },
    })
  }

  /** One line of the trace. */
  note(line: string): void {
    const text = `${this.#now().time_ms} ${line}\n`
    this.#hash.update(text)
    this.#print?.(text)
  }

  /** The same for two runs that did the same. */
  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16)
  }

  /** When the entry that says so about a call of an execution, or about all of it, became durable; null if it has not. */
  whenDurable(type: string, execution: string, ordinal?: number): Moment | null {
    return this.#durable.get(`${type} ${execution} ${ordinal}`) ?? null
  }

  async #carryOut(name: string, ask: unknown[], command: () => Promise<unknown>): Promise<unknown> {
    this.commands++
    if (!WRITES.includes(name)) {
      this.note(`${name} ${JSON.stringify(ask)}`)
      return command()
    }
    this.writes++
    const order = this.#now()
    try {
      const answer = await command()
      const { outcome } = answer as { outcome?: string }
      this.note(`${name} ${JSON.stringify(ask)} → ${outcome ?? ''}`)
      if (outcome === 'recorded') this.#remember((ask[0] as { entries: readonly NewEntry[] }).entries, order)
      return answer
    } catch (error) {
      this.note(`${name} ${JSON.stringify(ask)} ✗ ${String(error)}`)
      throw error
    }
  }

  #remember(entries: readonly NewEntry[], moment: Moment): void {
    for (const { type, execution_id, data } of entries) {
      if (!REMEMBERED.includes(type)) continue
      this.#durable.set(`${type} ${execution_id} ${(JSON.parse(data) as { ordinal?: number }).ordinal}`, moment)
    }
  }
}

import type { Entry } from '../port.ts'
import { Fifo } from './fifo.ts'

/** The latest entries of one tenant. They are counted without gaps, so a count finds its entry. */
export class TenantLine {
  readonly #entries = new Fifo<Entry>()
  /** How many entries of the tenant came before those that are here. */
  floor: number

  constructor(floor: number) {
    this.floor = floor
  }

  get last(): number {
    return this.floor + this.#entries.length
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
  }

  /** The oldest entry leaves. False if it was the last one here. */
  shift(): boolean {
    this.#entries.shift()
    this.floor++
    return this.#entries.length > 0
  }

  /** Those behind the first `after` of the tenant, at most `limit`. */
  after(after: number, limit: number): Entry[] {
    const from = Math.max(0, after - this.floor)
    return this.#entries.slice(from, from + limit)
  }
}

import type { Entry } from '../port.ts'
import { Fifo } from './fifo.ts'

/** The latest entries of one session or one execution. The oldest leave first. */
export class Line {
  readonly #entries = new Fifo<Entry>()
  /** Entries of the line after this seq are all here; those up to it may not be. */
  floor: number

  constructor(floor: number) {
    this.floor = floor
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
  }

  /** The oldest entry leaves. False if it was the last one here. */
  shift(): boolean {
    this.floor = this.#entries.shift()?.seq ?? this.floor
    return this.#entries.length > 0
  }

  get last(): Entry | undefined {
    return this.#entries.last
  }

  /** Those with a seq above `after`, at most `limit`. */
  after(after: number, limit: number): Entry[] {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#entries.at(middle)?.seq ?? 0) > after) high = middle
      else low = middle + 1
    }
    return this.#entries.slice(low, low + limit)
  }
}

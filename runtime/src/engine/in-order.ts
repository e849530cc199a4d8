// Hands records to the handler in the order of the log. Commits are carried out in the order they are given, but who gave one hears
// of it sooner or later than another does; and in a replay the order of the log is all there is.

import type { Recorded } from '@biplane/realm/port'

type Placed = Exclude<Recorded, { kind: 'note' }>

interface Ready {
  record: Placed
  /** Places below this number were given out when it was recorded: what they become may come before it in the log. */
  before: number
}

export class InOrder {
  readonly #hand: (records: Placed[]) => void
  /** Places of what is being recorded, lowest first. */
  readonly #open = new Set<number>()
  #places = 0
  #ready: Ready[] = []

  constructor(hand: (records: Placed[]) => void) {
    this.#hand = hand
  }

  /** True if all that was to be recorded is, and was handed over. */
  get isEmpty(): boolean {
    return this.#open.size === 0
  }

  /** Takes a place now, and hands over what `recorded` answers when nothing before it in the log can come any more. */
  async deliver(recorded: () => Promise<Placed | null>): Promise<boolean> {
    const place = this.#places++
    this.#open.add(place)
    try {
      const record = await recorded()
      if (record) this.#ready.push({ record, before: this.#places })
      return record !== null
    } finally {
      this.#open.delete(place)
      this.#handOver()
    }
  }

  #handOver(): void {
    const [lowest = this.#places] = this.#open
    const free = this.#ready.filter(({ before }) => before <= lowest)
    const through = Math.max(...free.map(({ record }) => record.seq))
    const now = this.#ready.filter(({ record }) => record.seq <= through)
    if (now.length === 0) return
    this.#ready = this.#ready.filter(({ record }) => record.seq > through)
    this.#hand(now.map(({ record }) => record).sort((a, b) => a.seq - b.seq))
  }
}

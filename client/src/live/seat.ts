// One reader's place among those that listen to a session. It holds a bounded number of events: a reader that takes none loses them
// and its seat, and reads the log at its own pace until it has caught up and sits down again.

import type { Event } from '@biplane/protocol'

import type { Told } from './feed.ts'

const HELD_EVENTS_MAX = 1_000

export type Heard =
  | { type: 'events'; events: Event[]; upToDate: boolean }
  /** Something is missing here that is in the log. */
  | { type: 'behind' }
  | { type: 'closed' }
  | { type: 'down'; retryAt: number; reason: string }
  | { type: 'refused' }

export class Seat {
  /** Gives the seat back. */
  readonly leave: () => void
  readonly #held: Event[] = []
  /** The last event that is known to be in the log. */
  #tail: number
  #news: Exclude<Told, { type: 'event' }> | null = null
  #isTaken = true
  #wake = Promise.withResolvers<void>()

  /** `tail`: what the others here have heard of already. */
  constructor(tail: number, leave: () => void) {
    this.#tail = tail
    this.leave = () => {
      this.#isTaken = false
      leave()
    }
  }

  /** Whether it is still told anything. */
  get isTaken(): boolean {
    return this.#isTaken
  }

  hear(told: Told): void {
    if (told.type === 'event') {
      this.#tail = Math.max(this.#tail, told.event.seq)
      this.#held.push(told.event)
      if (this.#held.length > HELD_EVENTS_MAX) this.#lose()
      if (this.#news?.type !== 'closed') this.#news = null
    } else {
      this.#news = told
      if ('place' in told) this.#tail = Math.max(this.#tail, told.place)
    }
    this.#wake.resolve()
  }

  /** What there is for a reader that has all up to `place`; waits until there is something. */
  async next(place: number, signal: AbortSignal | undefined): Promise<Heard> {
    const onAbort = () => this.#wake.resolve()
    signal?.addEventListener('abort', onAbort)
    try {
      for (;;) {
        signal?.throwIfAborted()
        const heard = this.#take(place)
        if (heard !== null) return heard
        this.#wake = Promise.withResolvers()
        await this.#wake.promise
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  #take(place: number): Heard | null {
    const events: Event[] = []
    let next = place + 1
    for (const event of this.#held.splice(0)) {
      // What lies behind something missing is read with it, from the log.
      if (event.seq === next) next = events.push(event) + place + 1
    }
    const isWhole = this.#tail < next
    const news = this.#news
    if (events.length === 0 && !isWhole) return { type: 'behind' }
    if (events.length > 0 && news?.type !== 'caught_up') return { type: 'events', events, upToDate: false }
    this.#news = null
    if (news === null) return this.#isTaken ? null : { type: 'behind' }
    if (news.type === 'caught_up') return { type: 'events', events, upToDate: isWhole }
    return news.type === 'closed' ? { type: 'closed' } : news
  }

  #lose(): void {
    this.#held.length = 0
    this.leave()
  }
}

// One reader's place among those that listen to a log. It holds a bounded number of things told: a reader that takes none loses them
// and its seat, and reads the log at its own pace until it has caught up and sits down again.

import { offsetOf } from '@biplane/protocol'

import type { Followed } from '../log.ts'
import type { Told } from './feed.ts'

/** Of events and ends of the log, which are told about as often. */
const HELD_MAX = 2_000

export type Heard =
  | { type: 'events'; events: Followed[]; place: number; upToDate: boolean }
  /** Something is missing here that is in the log. */
  | { type: 'behind' }
  | { type: 'closed' }
  | { type: 'down'; retryAt: number; reason: string }
  | { type: 'refused' }

type Held = Extract<Told, { after: number }>

export class Seat {
  /** Gives the seat back. */
  readonly leave: () => void
  readonly #held: Held[] = []
  /** As far as the log is known to go. */
  #tail: number
  #news: Exclude<Told, Held> | null = null
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
    if ('place' in told) this.#tail = Math.max(this.#tail, told.place)
    if ('after' in told) {
      this.#held.push(told)
      if (this.#held.length > HELD_MAX) this.#lose()
      if (this.#news?.type !== 'closed') this.#news = null
    } else this.#news = told
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

  #take(from: number): Heard | null {
    const held = this.#held.splice(0)
    const events: Followed[] = []
    let place = from
    for (const told of held) {
      if (told.place <= place) continue
      // What lies behind something missing is read with it, from the log.
      if (told.after > place) break
      place = told.place
      if (told.type === 'event') events.push({ event: told.event, offset: offsetOf(place) })
    }
    const isWhole = this.#tail <= place
    if (events.length === 0 && !isWhole) return { type: 'behind' }
    if (held.length > 0)
      return { type: 'events', events, place, upToDate: isWhole && held.at(-1)?.type === 'caught_up' }
    const news = this.#news
    this.#news = null
    if (news === null) return this.#isTaken ? null : { type: 'behind' }
    return news.type === 'closed' ? { type: 'closed' } : news
  }

  #lose(): void {
    this.#held.length = 0
    this.leave()
  }
}

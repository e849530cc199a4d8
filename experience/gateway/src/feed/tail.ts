// The end of a log, held in memory for all who watch it here. What comes is told to them in slices, so that many of them do not hold
// up everybody else; each takes it at its own pace, and who falls behind what is held reads pages again.

import { type Backoff, backoffMs } from '@biplane/client'
import { offsetOf } from '@biplane/protocol'

import type { FeedGrant } from '../identity/caller.ts'
import type { Link, Subscription } from './link.ts'
import { type Entry, type Part, partOf } from './part.ts'
import type { Source } from './source.ts'

/** One who watches. */
export interface Watcher {
  /** There may be something new. */
  wake(): void
  /** What is held here is no longer the end: only a page says how the log stands. */
  lost(): void
}

/** What all tails of a gateway hold together. */
export interface Held {
  chars: number
}

/** Of one tail, beside its last event. */
const TAIL_CHARS_MAX = 256 * 1024
/** Of all tails; beyond it each keeps its last event alone. */
const TAILS_CHARS_MAX = 128 * 1024 * 1024
const PART_CHARS_MAX = 64 * 1024
/** So many are told in one turn of the event loop. */
const SLICE = 200
/** After the runtime has refused to tell, it is asked again. */
const ASK_AGAIN: Backoff = { baseMs: 1_000, maxMs: 30_000 }

export class Tail implements Subscription {
  readonly source: Source
  readonly #grant: FeedGrant
  readonly #link: Link
  readonly #held: Held
  readonly #emptied: () => void
  readonly #watchers = new Set<Watcher>()
  #entries: Entry[] = []
  #heldChars = 0
  /** The place before the first entry that is held; null until the runtime has said where the log ends. */
  #start: number | null = null
  /** How far it was told. With a filter, that may be behind the last entry. */
  #end = 0
  #isCaughtUp = false
  #isClosed = false
  #isWaking = false
  #failures = 0
  #again: NodeJS.Timeout | undefined
  #shared: Part | null = null
  #sharedFrom = -1

  /** `emptied`: nobody watches any more. */
  constructor(source: Source, grant: FeedGrant, link: Link, held: Held, emptied: () => void) {
    this.source = source
    this.#grant = grant
    this.#link = link
    this.#held = held
    this.#emptied = emptied
    link.subscribe(this)
  }

  token(): Promise<string | undefined> {
    return this.#grant.token()
  }

  from(): string {
    return this.#start === null ? 'now' : offsetOf(this.#end)
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => {
      if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return
      clearTimeout(this.#again)
      this.#startAt(null)
      this.#link.unsubscribe(this)
      this.#emptied()
    }
  }

  /** Whether what is behind a place is held no more, or never was. */
  isBeyond(place: number): boolean {
    return this.#start !== null && place < this.#start
  }

  /** What is behind a place; null if that is not held (any more), or not told yet. */
  after(place: number): Part | null {
    if (this.#start === null || place < this.#start || place > this.#end) return null
    if (this.#shared === null || this.#sharedFrom !== place) {
      this.#shared = this.#partFrom(place)
      this.#sharedFrom = place
    }
    return this.#shared
  }

  event(place: number, json: string): void {
    if (this.#start !== null && place <= this.#end) return
    if (this.#start === null) this.#startAt(place - 1)
    this.#failures = 0
    this.#end = place
    this.#isCaughtUp = false
    this.#entries.push({ place, json })
    this.#hold(json.length)
    while (this.#holdsTooMuch() && this.#entries.length > 1) this.#dropFirst()
    this.#changed()
  }

  caughtUp(place: number): void {
    if (this.#start === null) this.#startAt(place)
    this.#failures = 0
    this.#end = Math.max(this.#end, place)
    this.#isCaughtUp = true
    this.#changed()
  }

  closed(place: number): void {
    this.caughtUp(place)
    this.#isClosed = true
  }

  /** Watchers read a page, which goes on or says why not. */
  failed(): void {
    this.#startAt(null)
    this.#isCaughtUp = false
    this.#again = setTimeout(() => this.#link.subscribe(this), backoffMs(++this.#failures, ASK_AGAIN))
    inSlices([...this.#watchers], (watcher) => watcher.lost())
  }

  #startAt(place: number | null): void {
    this.#hold(-this.#heldChars)
    this.#entries = []
    this.#shared = null
    this.#start = place
    this.#end = place ?? 0
  }

  #hold(chars: number): void {
    this.#heldChars += chars
    this.#held.chars += chars
  }

  #holdsTooMuch(): boolean {
    return this.#heldChars > TAIL_CHARS_MAX || this.#held.chars > TAILS_CHARS_MAX
  }

  #dropFirst(): void {
    const first = this.#entries.shift() as Entry
    this.#hold(-first.json.length)
    this.#start = first.place
  }

  #partFrom(place: number): Part {
    const from = this.#entries.findIndex((entry) => entry.place > place)
    const entries: Entry[] = []
    let chars = 0
    for (const entry of from < 0 ? [] : this.#entries.slice(from)) {
      entries.push(entry)
      chars += entry.json.length
      if (chars > PART_CHARS_MAX) break
    }
    const isEnd = entries.length === 0 || entries.at(-1) === this.#entries.at(-1)
    const next = isEnd ? this.#end : (entries.at(-1) as Entry).place
    const closed = isEnd && this.#isClosed
    return partOf(entries, { next, upToDate: isEnd && this.#isCaughtUp, closed })
  }

  #changed(): void {
    this.#shared = null
    if (this.#isWaking) return
    this.#isWaking = true
    // What else comes in this turn is told with it.
    setImmediate(() => {
      this.#isWaking = false
      inSlices([...this.#watchers], (watcher) => watcher.wake())
    })
  }
}

function inSlices(watchers: readonly Watcher[], tell: (watcher: Watcher) => void, from = 0): void {
  for (const watcher of watchers.slice(from, from + SLICE)) tell(watcher)
  if (from + SLICE < watchers.length) setImmediate(() => inSlices(watchers, tell, from + SLICE))
}

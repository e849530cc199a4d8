// The end of a session's log, held in memory for all who watch it here. What comes is told to them in slices, so that many of them
// do not hold up everybody else; each takes it at its own pace, and who falls behind what is held reads pages again.

import { type SessionId, type TenantId, offsetOf } from '@biplane/protocol'

import type { Link, Subscription } from './link.ts'
import { type Entry, type Part, heldPart } from './part.ts'

/** One who watches. */
export interface Watcher {
  /** There may be something new. */
  wake(): void
  /** What is held here is no longer the end: only a page says how the log stands. */
  lost(): void
}

const HELD_CHARS_MAX = 256 * 1024
const PART_CHARS_MAX = 64 * 1024
/** So many are told in one turn of the event loop. */
const SLICE = 200
/** After the runtime has refused to tell, it is asked again. */
const ASK_AGAIN_MS = 1_000

export class Tail implements Subscription {
  readonly sessionId: SessionId
  readonly tenantId: TenantId | undefined
  readonly #link: Link
  readonly #emptied: () => void
  readonly #watchers = new Set<Watcher>()
  #entries: Entry[] = []
  #heldChars = 0
  /** The place before the first entry that is held; null until the runtime has said where the log ends. */
  #start: number | null = null
  #end = 0
  #isCaughtUp = false
  #isClosed = false
  #isWaking = false
  #again: NodeJS.Timeout | undefined
  #shared: Part | null = null
  #sharedFrom = -1

  /** `emptied`: nobody watches any more. */
  constructor(sessionId: SessionId, tenantId: TenantId | undefined, link: Link, emptied: () => void) {
    this.sessionId = sessionId
    this.tenantId = tenantId
    this.#link = link
    this.#emptied = emptied
    link.subscribe(this)
  }

  readonly from = (): string => (this.#start === null ? 'now' : offsetOf(this.#end))

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => {
      if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return
      clearTimeout(this.#again)
      this.#link.unsubscribe(this.sessionId)
      this.#emptied()
    }
  }

  /** False until the runtime has said where the log ends. */
  get isKnown(): boolean {
    return this.#start !== null
  }

  /** What is behind a place; null if that is not held (any more). */
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
    if (this.#start === null || place > this.#end + 1) this.#startAt(place - 1)
    this.#end = place
    this.#isCaughtUp = false
    this.#entries.push({ place, json })
    this.#heldChars += json.length
    while (this.#heldChars > HELD_CHARS_MAX && this.#entries.length > 1) this.#dropFirst()
    this.#changed()
  }

  caughtUp(place: number): void {
    if (this.#start === null || place > this.#end) this.#startAt(place)
    this.#isCaughtUp = place === this.#end
    this.#changed()
  }

  closed(place: number): void {
    if (this.#start === null || place > this.#end) this.#startAt(place)
    this.#isClosed = true
    this.#changed()
  }

  /** Watchers read a page, which goes on or says why not. */
  failed(): void {
    this.#startAt(null)
    this.#isCaughtUp = false
    this.#again = setTimeout(() => this.#link.subscribe(this), ASK_AGAIN_MS)
    for (const watcher of this.#watchers) watcher.lost()
  }

  /** What was held before does not lead on to there. */
  #startAt(place: number | null): void {
    this.#entries = []
    this.#heldChars = 0
    this.#shared = null
    this.#start = place
    this.#end = place ?? 0
  }

  #dropFirst(): void {
    const first = this.#entries.shift()!
    this.#heldChars -= first.json.length
    this.#start = first.place
  }

  #partFrom(place: number): Part {
    const entries: Entry[] = []
    let chars = 0
    for (const entry of this.#entries.slice(place - this.#start!)) {
      entries.push(entry)
      chars += entry.json.length
      if (chars > PART_CHARS_MAX) break
    }
    const next = entries.at(-1)?.place ?? place
    const isEnd = next === this.#end
    const closed = isEnd && this.#isClosed
    const upToDate = isEnd && (this.#isCaughtUp || this.#isClosed)
    return heldPart(this.sessionId, entries, { next, upToDate, closed })
  }

  #changed(): void {
    this.#shared = null
    if (this.#isWaking) return
    this.#isWaking = true
    // What else comes in this turn is told with it.
    setImmediate(() => {
      this.#isWaking = false
      this.#wake([...this.#watchers], 0)
    })
  }

  #wake(watchers: readonly Watcher[], from: number): void {
    for (const watcher of watchers.slice(from, from + SLICE)) watcher.wake()
    if (from + SLICE < watchers.length) setImmediate(() => this.#wake(watchers, from + SLICE))
  }
}

// One who reads a log: pages of it with the reader's own token up to where the gateway's tail begins, then what the tail tells. It
// takes the next part only when there is room for it, so a slow reader costs one part of memory. Nothing is skipped between the
// two, since the tail holds all that lies between its places.

import { type Backoff, BiplaneError, backoffMs } from '@biplane/client'
import { ProblemError, type Standing, offsetOf } from '@biplane/protocol'

import type { Feed, Watched } from './feed.ts'
import type { ReadPage, Reading } from './page.ts'
import type { Part } from './part.ts'

/** Where it goes. */
export interface Sink {
  hasRoom(): boolean
  take(part: Part): void
  /** The reader cannot go on. */
  fail(error: unknown): void
}

/** Waits between attempts to read a page while the runtime is away. */
const AWAY: Backoff = { baseMs: 200, maxMs: 5_000 }
/** So often the runtime is asked whether this reader may still read; a little apart, so that not all ask at once. */
const CHECK_EVERY_MS = 60_000
const APART = 0.2

export class Reader {
  readonly #feed: Feed
  readonly #reading: Reading
  readonly #readPage: ReadPage
  readonly #sink: Sink
  #watched: Watched | null = null
  /** The first page, until there is room for it. */
  #first: Part | null = null
  #place = 0
  #offset: string
  /** Whether it was told last that nothing more is there. */
  #isAtEnd = false
  #isPaging = false
  #isOver = false
  #again: NodeJS.Timeout | undefined
  #check: NodeJS.Timeout | undefined

  /** @throws ProblemError overloaded */
  constructor(feed: Feed, reading: Reading, readPage: ReadPage, sink: Sink) {
    feed.requireRoom()
    this.#feed = feed
    this.#reading = reading
    this.#offset = reading.offset
    this.#readPage = readPage
    this.#sink = sink
  }

  /** The first page: whether the reader may read at all, and where. @throws as `ReadPage` */
  first(): Promise<Part> {
    return this.#readPage(this.#offset)
  }

  /** From behind the first page on. */
  begin(first: Part): void {
    if (this.#isOver) return
    this.#first = first
    const { caller, source } = this.#reading
    const watcher = { wake: () => this.wake(), lost: () => this.#lost() }
    this.#watched = this.#feed.watch(caller.feed, source, watcher)
    this.#checkLater()
    this.wake()
  }

  /** There may be something new, or room again. */
  wake(): void {
    while (this.#watched !== null && !this.#isPaging && !this.#isOver && this.#sink.hasRoom()) {
      const { tail } = this.#watched
      if (this.#first !== null) {
        this.#give(this.#first)
        continue
      }
      const part = tail.after(this.#place)
      if (part === null) {
        // Whoever was at the end waits until the tail has got there.
        if (tail.isBeyond(this.#place) || !this.#isAtEnd) void this.#page(0)
        return
      }
      const isNews = !part.isEmpty || part.closed || (part.upToDate && !this.#isAtEnd)
      if (!isNews) return
      this.#give(part)
    }
  }

  standing(): { offset: string; isAtEnd: boolean } {
    this.passed()
    return { offset: this.#offset, isAtEnd: this.#isAtEnd }
  }

  /** Where the reader stands, if that is further than it was told: what a filter has passed over. Then it counts as told. */
  passed(): Standing | null {
    const part = this.#isPaging || this.#first !== null ? null : this.#watched?.tail.after(this.#place)
    if (!part?.isEmpty || part.next === this.#place) return null
    this.#stand(part)
    return part
  }

  end(): void {
    this.#isOver = true
    clearTimeout(this.#again)
    clearTimeout(this.#check)
    this.#watched?.stop()
  }

  #lost(): void {
    this.#isAtEnd = false
    this.wake()
  }

  #give(part: Part): void {
    this.#first = null
    this.#stand(part)
    this.#sink.take(part)
    if (part.closed) this.end()
  }

  #stand({ next, upToDate }: Standing): void {
    this.#place = next
    this.#offset = offsetOf(next)
    this.#isAtEnd = upToDate
  }

  async #page(failures: number): Promise<void> {
    this.#isPaging = true
    try {
      const wasAtEnd = this.#isAtEnd
      const part = await this.#readPage(this.#offset)
      if (this.#isOver) return
      this.#isPaging = false
      const isNews = !part.isEmpty || part.closed || part.upToDate !== wasAtEnd
      if (isNews) this.#give(part)
      else this.#stand(part)
      this.wake()
    } catch (error) {
      if (this.#isOver) return
      if (!isPassing(error)) return this.#fail(error)
      this.#again = setTimeout(() => void this.#page(failures + 1), backoffMs(failures + 1, AWAY))
    }
  }

  #checkLater(): void {
    this.#check = setTimeout(() => void this.#mayGoOn(), CHECK_EVERY_MS * (1 - APART * Math.random()))
  }

  async #mayGoOn(): Promise<void> {
    try {
      await this.#readPage('now')
    } catch (error) {
      if (!this.#isOver && !isPassing(error)) return this.#fail(error)
    }
    if (!this.#isOver) this.#checkLater()
  }

  #fail(error: unknown): void {
    this.end()
    this.#sink.fail(error)
  }
}

/** What is said of the request itself will be said again; what broke, or is overloaded, may be whole in a moment. */
const isPassing = (error: unknown): boolean =>
  (error instanceof BiplaneError || error instanceof ProblemError) && (error.status >= 500 || error.status === 429)

// One who reads a session: pages of the log with the reader's own token up to where the gateway's tail begins, then what the tail
// tells. It takes the next part only when there is room for it, so a slow reader costs one part of memory. Nothing is skipped
// between the two, since the tail holds all that lies between its places.

import { type Backoff, BiplaneError, backoffMs } from '@biplane/client'
import { ProblemError, type SessionId, offsetOf } from '@biplane/protocol'

import type { Caller } from '../identity/caller.ts'
import type { Feed, Watched } from './feed.ts'
import type { ReadPage } from './page.ts'
import type { Part } from './part.ts'

/** Where it goes. */
export interface Sink {
  hasRoom(): boolean
  take(part: Part): void
  /** The reader cannot go on. */
  fail(error: unknown): void
}

/** Who reads what, and behind which offset. */
interface Place {
  caller: Caller
  sessionId: SessionId
  offset: string
}

/** Waits between attempts to read a page while the runtime is away. */
const AWAY: Backoff = { baseMs: 200, maxMs: 5_000 }

export class Reader {
  readonly #feed: Feed
  readonly #caller: Caller
  readonly #sessionId: SessionId
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

  constructor(feed: Feed, { caller, sessionId, offset }: Place, readPage: ReadPage, sink: Sink) {
    this.#feed = feed
    this.#caller = caller
    this.#sessionId = sessionId
    this.#offset = offset
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
    const watcher = { wake: () => this.wake(), lost: () => this.#lost() }
    this.#watched = this.#feed.watch(this.#caller, this.#sessionId, watcher)
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
        // Whoever is at the end waits until the tail knows where that is.
        if (tail.isKnown || !this.#isAtEnd) void this.#page(0)
        return
      }
      const isNews = !part.isEmpty || part.closed || (part.upToDate && !this.#isAtEnd)
      if (!isNews) return
      this.#give(part)
    }
  }

  end(): void {
    this.#isOver = true
    clearTimeout(this.#again)
    this.#watched?.stop()
  }

  #lost(): void {
    this.#isAtEnd = false
    this.wake()
  }

  #give(part: Part): void {
    this.#first = null
    this.#place = part.next
    this.#offset = offsetOf(part.next)
    this.#isAtEnd = part.upToDate
    this.#sink.take(part)
    if (part.closed) this.end()
  }

  async #page(failures: number): Promise<void> {
    this.#isPaging = true
    try {
      const wasAtEnd = this.#isAtEnd
      const part = await this.#readPage(this.#offset)
      if (this.#isOver) return
      this.#isPaging = false
      if (!part.isEmpty || part.closed || part.upToDate !== wasAtEnd) this.#give(part)
      this.wake()
    } catch (error) {
      if (this.#isOver) return
      if (isPassing(error)) {
        this.#again = setTimeout(() => void this.#page(failures + 1), backoffMs(failures + 1, AWAY))
        return
      }
      this.end()
      this.#sink.fail(error)
    }
  }
}

/** What is said of the request itself will be said again; what broke, or is overloaded, may be whole in a moment. */
const isPassing = (error: unknown): boolean =>
  (error instanceof BiplaneError || error instanceof ProblemError) && (error.status >= 500 || error.status === 429)

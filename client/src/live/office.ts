// What the tab that leads does for all: it listens once to each log that any of them wants.

import type { Feed, Told } from './feed.ts'

interface Wanted {
  tabs: Set<string>
  place: number
  /** What was told last, if it was no event. */
  news: Told | null
  leave: () => void
}

/** To all tabs. */
type Tell = (log: string, told: Told) => void
/** Calls `gone` when a tab is there no more, unless `signal` aborts first. */
type Watch = (tab: string, gone: () => void, signal: AbortSignal) => void

export class Office {
  readonly #feed: Feed
  readonly #tell: Tell
  readonly #watch: Watch
  readonly #wanted = new Map<string, Wanted>()
  readonly #known = new Set<string>()
  readonly #closed = new AbortController()

  constructor(feed: Feed, tell: Tell, watch: Watch) {
    this.#feed = feed
    this.#tell = tell
    this.#watch = watch
  }

  want(tab: string, log: string, place: number): void {
    const there = this.#wanted.get(log)
    const one = there ?? this.#listenTo(log, place)
    one.tabs.add(tab)
    // Whoever comes later hears how it stands, and what it has missed by that.
    if (there?.news) this.#tell(log, there.news)
    if (this.#known.has(tab)) return
    this.#known.add(tab)
    this.#watch(tab, () => this.#forget(tab), this.#closed.signal)
  }

  unwant(tab: string, log: string): void {
    const one = this.#wanted.get(log)
    if (one === undefined || !one.tabs.delete(tab) || one.tabs.size > 0) return
    this.#wanted.delete(log)
    one.leave()
  }

  wake(change: Parameters<Feed['wake']>[0]): void {
    this.#feed.wake(change)
  }

  close(): void {
    this.#closed.abort()
    this.#feed.close()
  }

  #listenTo(log: string, place: number): Wanted {
    const one: Wanted = { tabs: new Set(), place, news: null, leave: () => {} }
    this.#wanted.set(log, one)
    const hear = (told: Told) => {
      if ('after' in told) one.place = Math.max(one.place, told.place)
      one.news = told.type === 'event' ? null : told
      if (told.type === 'refused' || told.type === 'closed') this.#wanted.delete(log)
      this.#tell(log, told)
    }
    one.leave = this.#feed.join(log, { place: () => one.place, hear })
    return one
  }

  #forget(tab: string): void {
    this.#known.delete(tab)
    for (const log of this.#wanted.keys()) this.unwant(tab, log)
  }
}

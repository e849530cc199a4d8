// What a client follows while it happens: one topic for each session, however many readers it has, all on one line. A page that nobody
// sees for long gives its line up, and takes it again when it is seen.

import type { Transport } from '../transport.ts'
import type { Feed, Told } from './feed.ts'
import { lineFeed } from './line-feed.ts'
import { Seat } from './seat.ts'
import type { Change, Surroundings } from '../surroundings.ts'
import { TabFeed } from './tab-feed.ts'

/** A line that nobody needs is kept for who comes next, such as the next page of an app. */
const LINGER_MS = 1_000

interface Topic {
  seats: Set<Seat>
  /** The last event that was heard of. */
  tail: number
  down: Told | null
  leave: () => void
}

export class Live {
  readonly surroundings: Surroundings
  readonly #openFeed: () => Feed
  readonly #topics = new Map<string, Topic>()
  #feed: Feed | null = null
  #stopWatching = () => {}
  #linger: ReturnType<typeof setTimeout> | undefined

  /** `share`: see `ClientOptions`. */
  constructor(transport: Transport, surroundings: Surroundings, share: string | undefined) {
    this.surroundings = surroundings
    const openLine = () => lineFeed(transport, surroundings)
    const { tabs } = surroundings
    const name = `biplane ${transport.access.url} ${share}`
    this.#openFeed = share === undefined || tabs === null ? openLine : () => new TabFeed(name, tabs, openLine)
  }

  /** `place`: the last event that the reader has. */
  sit(sessionId: string, place: number): Seat {
    this.#open()
    const topic = this.#topics.get(sessionId) ?? this.#begin(sessionId, place)
    const seat: Seat = new Seat(topic.tail, () => this.#leave(sessionId, topic, seat))
    topic.seats.add(seat)
    if (topic.down !== null) seat.hear(topic.down)
    return seat
  }

  #begin(sessionId: string, place: number): Topic {
    const topic: Topic = { seats: new Set(), tail: place, down: null, leave: () => {} }
    this.#topics.set(sessionId, topic)
    this.#join(sessionId, topic)
    return topic
  }

  #join(sessionId: string, topic: Topic): void {
    if (this.#feed === null) return
    topic.leave = this.#feed.join(sessionId, {
      place: () => topic.tail,
      hear: (told) => this.#hear(sessionId, topic, told),
    })
  }

  #hear(sessionId: string, topic: Topic, told: Told): void {
    if (told.type === 'event') topic.tail = Math.max(topic.tail, told.event.seq)
    topic.down = told.type === 'down' ? told : null
    const isOver = told.type === 'refused' || told.type === 'closed'
    for (const seat of topic.seats) {
      seat.hear(told)
      if (isOver) seat.leave()
    }
    if (isOver) this.#end(sessionId, topic)
  }

  #leave(sessionId: string, topic: Topic, seat: Seat): void {
    if (topic.seats.delete(seat) && topic.seats.size === 0) this.#end(sessionId, topic)
  }

  #end(sessionId: string, topic: Topic): void {
    topic.leave()
    if (this.#topics.get(sessionId) === topic) this.#topics.delete(sessionId)
    if (this.#topics.size > 0) return
    clearTimeout(this.#linger)
    this.#linger = setTimeout(() => this.#close(), LINGER_MS)
  }

  #open(): void {
    clearTimeout(this.#linger)
    if (this.#feed !== null) return
    this.#connect()
    this.#stopWatching()
    this.#stopWatching = this.surroundings.onChange((change) => this.#take(change))
  }

  #take(change: Change): void {
    if (change === 'unseen') this.#disconnect()
    else if (this.#feed !== null) this.#feed.wake(change)
    else if (change === 'seen') this.#connect()
  }

  #connect(): void {
    this.#feed = this.#openFeed()
    for (const [sessionId, topic] of this.#topics) this.#join(sessionId, topic)
  }

  /** Topics stay, and wait for the page to be seen again. */
  #disconnect(): void {
    this.#feed?.close()
    this.#feed = null
  }

  #close(): void {
    this.#disconnect()
    this.#stopWatching()
  }
}

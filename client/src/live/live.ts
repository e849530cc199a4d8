// What a client follows while it happens: one topic for each log, however many readers it has, all on one line. A page that nobody
// sees for long gives its line up, and takes it again when it is seen.

import type { Log } from '../log.ts'
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
  /** As far as was heard. */
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

  /** `place`: as far as the reader has it. */
  sit(of: Log, place: number): Seat {
    this.#open()
    const log = JSON.stringify(of)
    const topic = this.#topics.get(log) ?? this.#begin(log, place)
    const seat: Seat = new Seat(topic.tail, () => this.#leave(log, topic, seat))
    topic.seats.add(seat)
    if (topic.down !== null) seat.hear(topic.down)
    return seat
  }

  #begin(log: string, place: number): Topic {
    const topic: Topic = { seats: new Set(), tail: place, down: null, leave: () => {} }
    this.#topics.set(log, topic)
    this.#join(log, topic)
    return topic
  }

  #join(log: string, topic: Topic): void {
    if (this.#feed === null) return
    topic.leave = this.#feed.join(log, {
      place: () => topic.tail,
      hear: (told) => this.#hear(log, topic, told),
    })
  }

  #hear(log: string, topic: Topic, told: Told): void {
    if ('after' in told) topic.tail = Math.max(topic.tail, told.place)
    topic.down = told.type === 'down' ? told : null
    const isOver = told.type === 'refused' || told.type === 'closed'
    for (const seat of topic.seats) {
      seat.hear(told)
      if (isOver) seat.leave()
    }
    if (isOver) this.#end(log, topic)
  }

  #leave(log: string, topic: Topic, seat: Seat): void {
    if (topic.seats.delete(seat) && topic.seats.size === 0) this.#end(log, topic)
  }

  #end(log: string, topic: Topic): void {
    topic.leave()
    if (this.#topics.get(log) === topic) this.#topics.delete(log)
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
    for (const [log, topic] of this.#topics) this.#join(log, topic)
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

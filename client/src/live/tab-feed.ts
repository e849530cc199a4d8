// Tabs of one browser that share one line. Whoever holds a lock leads: it has the line, and passes on what the others want through a
// channel. A tab that goes away gives its locks back, whatever became of it, so nobody has to guess: the next in the queue leads, asks what
// is wanted, and everybody says it with the place where they are. (A tab that holds a lock is not frozen by its browser.)

import type { Channel, Locks, Surroundings } from '../surroundings.ts'
import type { Feed, Listener, Told } from './feed.ts'
import { Office } from './office.ts'

type Woken = Parameters<Feed['wake']>[0]

type Message =
  | { type: 'want'; tab: string; log: string; place: number }
  | { type: 'unwant'; tab: string; log: string }
  | { type: 'wake'; change: Woken }
  /** Of who leads, from here on. */
  | { type: 'leads' }
  | { type: 'told'; log: string; told: Told }

export class TabFeed implements Feed {
  readonly #name: string
  readonly #locks: Locks
  readonly #openFeed: () => Feed
  readonly #channel: Channel
  readonly #id = crypto.randomUUID()
  readonly #joined = new Map<string, Listener>()
  readonly #closed = new AbortController()
  #isPresent = false
  #office: Office | null = null

  /** `name`: the tabs that have the same share a line. `openFeed`: the line, if this tab leads. */
  constructor(name: string, { locks, openChannel }: NonNullable<Surroundings['tabs']>, openFeed: () => Feed) {
    this.#name = name
    this.#locks = locks
    this.#openFeed = openFeed
    this.#channel = openChannel(name, (message) => this.#take(message as Message))
    // Its own lock comes first: by that the one who leads sees that it is there.
    this.#hold(this.#id, () => {
      this.#isPresent = true
      this.#wantAll()
      this.#hold('leader', () => this.#lead())
    })
  }

  join(log: string, listener: Listener): () => void {
    this.#joined.set(log, listener)
    this.#want(log)
    return () => {
      if (this.#joined.get(log) !== listener) return
      this.#joined.delete(log)
      if (this.#closed.signal.aborted) return
      if (this.#office === null) this.#post({ type: 'unwant', tab: this.#id, log })
      else this.#office.unwant(this.#id, log)
    }
  }

  wake(change: Woken): void {
    if (this.#office === null) this.#post({ type: 'wake', change })
    else this.#office.wake(change)
  }

  close(): void {
    this.#closed.abort()
    this.#office?.close()
    this.#channel.close()
  }

  /** Holds a lock until this tab is closed. */
  #hold(lock: string, held: () => void): void {
    const { signal } = this.#closed
    const keep = () =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve()
        signal.addEventListener('abort', () => resolve())
        held()
      })
    this.#request(lock, signal, keep)
  }

  /** Who gives up waiting for a lock is told so by an error. */
  #request(lock: string, signal: AbortSignal, held: () => Promise<void>): void {
    this.#locks.request(`${this.#name}/${lock}`, { signal }, held).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }

  #lead(): void {
    const tell = (log: string, told: Told) => {
      this.#post({ type: 'told', log, told })
      this.#deliver(log, told)
    }
    const watch = (tab: string, gone: () => void, signal: AbortSignal) => {
      if (tab !== this.#id) this.#request(tab, signal, async () => gone())
    }
    this.#office = new Office(this.#openFeed(), tell, watch)
    this.#post({ type: 'leads' })
    this.#wantAll()
  }

  #wantAll(): void {
    for (const log of this.#joined.keys()) this.#want(log)
  }

  #want(log: string): void {
    const place = this.#joined.get(log)?.place() ?? 0
    if (this.#office !== null) this.#office.want(this.#id, log, place)
    else if (this.#isPresent) this.#post({ type: 'want', tab: this.#id, log, place })
  }

  #take(message: Message): void {
    if (message.type === 'told') this.#deliver(message.log, message.told)
    else if (message.type === 'leads') this.#wantAll()
    else if (message.type === 'want') this.#office?.want(message.tab, message.log, message.place)
    else if (message.type === 'unwant') this.#office?.unwant(message.tab, message.log)
    else this.#office?.wake(message.change)
  }

  #deliver(log: string, told: Told): void {
    const listener = this.#joined.get(log)
    if (told.type === 'refused' || told.type === 'closed') this.#joined.delete(log)
    listener?.hear(told)
  }

  #post(message: Message): void {
    this.#channel.postMessage(message)
  }
}

// Who watches which log. However many they are, the runtime is listened to over one connection; each has shown before, by reading
// with a token of their own, that they may read the log.

import { ProblemError } from '@biplane/protocol'

import type { FeedGrant } from '../identity/caller.ts'
import type { Log } from '../kit/log.ts'
import { Link } from './link.ts'
import { type Source, keyOf } from './source.ts'
import { type Held, Tail, type Watcher } from './tail.ts'

export interface Watched {
  tail: Tail
  stop(): void
}

/** Who watches, over all logs. */
const READERS_MAX = 50_000
/** The runtime's own bound on one socket; beyond it another is opened. */
const LOGS_PER_LINK_MAX = 10_000
const LINKS_MAX = 5

interface Shared {
  link: Link
  tails: number
}

export class Feed {
  readonly #address: string
  readonly #log: Pick<Log, 'info'>
  #links: Shared[] = []
  readonly #tails = new Map<string, Tail>()
  readonly #held: Held = { chars: 0 }
  #readers = 0

  /** `address`: of the runtime's socket. */
  constructor(address: string, stopping: AbortSignal, log: Pick<Log, 'info'>) {
    this.#address = address
    this.#log = log
    stopping.addEventListener('abort', () => this.#links.forEach(({ link }) => link.close()))
  }

  /** @throws ProblemError overloaded */
  requireRoom(): void {
    const isFull = this.#readers >= READERS_MAX || this.#tails.size >= LINKS_MAX * LOGS_PER_LINK_MAX
    if (isFull) throw new ProblemError('overloaded', 'This gateway has too many readers of events.')
  }

  watch(grant: FeedGrant, source: Source, watcher: Watcher): Watched {
    const key = grant.of + keyOf(source)
    const tail = this.#tails.get(key) ?? this.#open(key, grant, source)
    const stop = tail.watch(watcher)
    this.#readers++
    let isWatching = true
    return {
      tail,
      stop: () => {
        if (isWatching) this.#readers--
        isWatching = false
        stop()
      },
    }
  }

  #open(key: string, grant: FeedGrant, source: Source): Tail {
    const shared = this.#withRoom()
    shared.tails++
    const tail = new Tail(source, grant, shared.link, this.#held, () => {
      this.#tails.delete(key)
      if (--shared.tails === 0) this.#links = this.#links.filter((other) => other !== shared)
    })
    this.#tails.set(key, tail)
    return tail
  }

  #withRoom(): Shared {
    const free = this.#links.find(({ tails }) => tails < LOGS_PER_LINK_MAX)
    if (free !== undefined) return free
    const shared = { link: new Link(this.#address, this.#log), tails: 0 }
    this.#links.push(shared)
    return shared
  }
}

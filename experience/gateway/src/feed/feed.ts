// Who watches which session, and over which connection to the runtime. A connection is that of the gateway itself for all callers
// of a tenant; each caller has shown before, by reading with a token of their own, that they may see the session.

import type { SessionId } from '@biplane/protocol'

import type { Caller } from '../identity/caller.ts'
import type { Log } from '../kit/log.ts'
import { Link } from './link.ts'
import { Tail, type Watcher } from './tail.ts'

export interface Watched {
  tail: Tail
  stop(): void
}

/** The runtime's own bound on one socket; beyond it another is opened. */
const SESSIONS_PER_LINK_MAX = 10_000

interface Shared {
  link: Link
  tails: number
}

export class Feed {
  readonly #address: string
  readonly #log: Pick<Log, 'info'>
  /** By whose they are. */
  readonly #links = new Map<string, Shared[]>()
  readonly #tails = new Map<string, Tail>()

  /** `address`: of the runtime's socket. */
  constructor(address: string, stopping: AbortSignal, log: Pick<Log, 'info'>) {
    this.#address = address
    this.#log = log
    stopping.addEventListener('abort', () => [...this.#links.values()].flat().forEach(({ link }) => link.close()))
  }

  watch(caller: Pick<Caller, 'tenantId' | 'feed'>, sessionId: SessionId, watcher: Watcher): Watched {
    const key = JSON.stringify([caller.feed.of, caller.tenantId, sessionId])
    const tail = this.#tails.get(key) ?? this.#open(key, caller, sessionId)
    return { tail, stop: tail.watch(watcher) }
  }

  #open(key: string, { tenantId, feed }: Pick<Caller, 'tenantId' | 'feed'>, sessionId: SessionId): Tail {
    const shared = this.#sharedBy(feed)
    shared.tails++
    const tail = new Tail(sessionId, tenantId, shared.link, () => {
      this.#tails.delete(key)
      if (--shared.tails === 0) this.#close(feed.of, shared)
    })
    this.#tails.set(key, tail)
    return tail
  }

  #sharedBy({ of, token }: Caller['feed']): Shared {
    const all = this.#links.get(of) ?? []
    const free = all.find(({ tails }) => tails < SESSIONS_PER_LINK_MAX)
    if (free !== undefined) return free
    const shared = { link: new Link({ address: this.#address, token, log: this.#log }), tails: 0 }
    this.#links.set(of, [...all, shared])
    return shared
  }

  #close(of: string, shared: Shared): void {
    shared.link.close()
    const left = this.#links.get(of)!.filter((other) => other !== shared)
    if (left.length === 0) this.#links.delete(of)
    else this.#links.set(of, left)
  }
}

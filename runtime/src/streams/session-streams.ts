// A session's log as a stream (docs/protocol.md §6): read behind an offset, wait for more, know the end. Delivery is by reading
// the log; the store's notification only wakes a reader, so whatever is lost or late of it loses no event.

import type { SessionId } from '@biplane/protocol'

import { eventText } from '../engine/entry.ts'
import type { Store } from '../store/port.ts'

/** Entries of one batch. */
const BATCH_ENTRIES = 1_000
/** A batch ends after the entry that makes it this long, so that one is always delivered. */
const BATCH_BYTES = 1024 * 1024

export interface Batch {
  /** Events as JSON texts, in order. */
  events: string[]
  /** Seq of the last entry read: where to go on. */
  next: number
  upToDate: boolean
  closed: boolean
}

export class SessionStreams {
  readonly #store: Store
  readonly #ears = new Map<SessionId, Set<() => void>>()

  constructor(store: Store) {
    this.#store = store
    store.onAppend((session) => {
      for (const wake of this.#ears.get(session) ?? []) wake()
    })
  }

  /** Events with seq above `after`. */
  async read(session: SessionId, after: number): Promise<Batch> {
    const entries = await this.#store.readSession(session, after, BATCH_ENTRIES)
    const events: string[] = []
    let bytes = 0
    for (const entry of entries) {
      if (bytes >= BATCH_BYTES) break
      const text = eventText(entry)
      bytes += text.length
      events.push(text)
    }
    const whole = events.length === entries.length
    const last = entries[events.length - 1]
    const closed = last ? last.type === 'session.closed' : (await this.#store.sessionHead(session))?.status === 'closed'
    return {
      events,
      next: last?.seq ?? after,
      upToDate: whole && entries.length < BATCH_ENTRIES,
      closed: whole && closed,
    }
  }

  /** Seq of the last entry. */
  async head(session: SessionId): Promise<number> {
    return (await this.#store.sessionHead(session))?.last_seq ?? 0
  }

  /** Resolves when the log goes beyond `after`, or when `signal` aborts. */
  async wait(session: SessionId, after: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const forget = this.#hear(session, resolve)
    const onAbort = () => resolve()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      // The ear first, then the look: what comes in between is heard.
      if (signal.aborted || (await this.head(session)) > after) return
      await promise
    } finally {
      forget()
      // A reader waits once per batch with one signal: what it leaves on it would pile up.
      signal.removeEventListener('abort', onAbort)
    }
  }

  #hear(session: SessionId, wake: () => void): () => void {
    const ears = this.#ears.get(session) ?? new Set()
    this.#ears.set(session, ears.add(wake))
    return () => {
      ears.delete(wake)
      if (ears.size === 0 && this.#ears.get(session) === ears) this.#ears.delete(session)
    }
  }
}

// A session's log as a stream (docs/protocol.md §6): read behind an offset, wait for more, know the end. Delivery is by reading
// the log; the store's notification only wakes a reader.

import type { SessionId } from '@biplane/protocol'

import type { Store } from '../store/port.ts'
import { Ears } from './ears.ts'
import type { EventFilter } from './event-filter.ts'
import { BATCH_ENTRIES, type Batch, type EventStream, gather } from './gather.ts'
import { JSON_FRAMING } from './json-framing.ts'
import { offsetGone } from './offset-gone.ts'
import type { Head } from './stream.ts'

export type { Batch } from './gather.ts'

export class SessionStreams {
  readonly #store: Store
  readonly #ears = new Ears<SessionId>()

  constructor(store: Store) {
    this.#store = store
    store.onAppend((session) => this.#ears.tell(session))
  }

  /** The log as it is read over the network. */
  open(session: SessionId, filter: EventFilter | null = null): EventStream {
    return {
      id: session,
      framing: JSON_FRAMING,
      head: () => this.head(session),
      read: async (after) => {
        const { events: messages, ...batch } = await this.read(session, after, filter)
        return { messages, ...batch }
      },
      wait: (after, signal) => this.wait(session, after, signal),
    }
  }

  /** Events with seq above `after`. */
  async read(session: SessionId, from: number, filter: EventFilter | null = null): Promise<Batch> {
    const { last, ...batch } = await gather((after) => this.#page(session, after), from, filter)
    const isLast = last ? last.type === 'session.closed' : await this.#isEnd(session, from)
    return { ...batch, upToDate: batch.upToDate || isLast, closed: isLast }
  }

  async head(session: SessionId): Promise<Head> {
    const head = await this.#store.sessionHead(session)
    return { last: head?.last_seq ?? 0, closed: head?.status === 'closed' }
  }

  /** Resolves when the log goes beyond `after`, or when `signal` aborts. */
  wait(session: SessionId, after: number, signal: AbortSignal): Promise<void> {
    return this.#ears.wait(session, async () => (await this.head(session)).last > after, signal)
  }

  /** A session that has closed since the log was read goes on behind this place. */
  async #isEnd(session: SessionId, place: number): Promise<boolean> {
    const { last, closed } = await this.head(session)
    return closed && last === place
  }

  /** @throws ProblemError offset_gone */
  async #page(session: SessionId, after: number) {
    const entries = await this.#store.readSession(session, after, BATCH_ENTRIES)
    // A log that is cut while it is read may have lost its middle.
    const gone = entries.findLast(({ seq }, i) => seq !== (entries[i - 1]?.seq ?? after) + 1)
    if (gone) throw offsetGone(gone.seq - 1)
    return { first: after + 1, entries }
  }
}

// Everything in a tenant as one stream (docs/protocol.md §6), in the order of commits. A place counts the entries of this tenant, so it
// says nothing of what others do.

import type { TenantId } from '@biplane/protocol'

import type { Store } from '../store/port.ts'
import { Ears } from './ears.ts'
import type { EventFilter } from './event-filter.ts'
import { BATCH_ENTRIES, type EventStream, gather } from './gather.ts'
import { JSON_FRAMING } from './json-framing.ts'
import { offsetGone } from './offset-gone.ts'

export class TenantStreams {
  readonly #store: Store
  readonly #ears = new Ears<TenantId>()

  constructor(store: Store) {
    this.#store = store
    store.onAppend((_session, _seq, tenant) => this.#ears.tell(tenant))
  }

  open(tenant: TenantId, filter: EventFilter | null): EventStream {
    const last = () => this.#store.tenantHead(tenant)
    const pageAfter = async (asked: number) => {
      const { after, entries } = await this.#store.readTenant(tenant, asked, BATCH_ENTRIES)
      if (after > asked) throw offsetGone(after)
      return { first: after + 1, entries }
    }
    return {
      id: `tenant.${tenant}`,
      framing: JSON_FRAMING,
      head: async () => ({ last: await last(), closed: false }),
      async read(after) {
        const { events: messages, places, next, upToDate } = await gather(pageAfter, after, filter)
        return { messages, places, next, upToDate, closed: false }
      },
      wait: (after, signal) => this.#ears.wait(tenant, async () => (await last()) > after, signal),
    }
  }
}

// The realm of an execution, which an entry does not name. It never changes, so it is asked for once and kept for a while.

import type { ExecutionId, TenantId } from '@biplane/protocol'

import type { Entry, Store } from '../store/port.ts'
import { Recent } from '../store/sqlite/recent.ts'

const REMEMBERED_MAX = 20_000
/** Others read too. */
const LOOKED_UP_AT_ONCE = 32

export class ExecutionRealms {
  readonly #store: Pick<Store, 'getExecution'>
  readonly #known = new Recent<ExecutionId, string>(REMEMBERED_MAX)

  constructor(store: Pick<Store, 'getExecution'>) {
    this.#store = store
  }

  /** The realm of each of these entries; undefined where there is no execution. */
  async of(entries: readonly Entry[]): Promise<(entry: Entry) => string | undefined> {
    const realms = new Map<ExecutionId, string>()
    const unknown = new Map<ExecutionId, Entry>()
    for (const entry of entries) {
      const { execution_id } = entry
      if (execution_id === null || realms.has(execution_id)) continue
      const realm = this.#known.get(execution_id)
      if (realm === undefined) unknown.set(execution_id, entry)
      else realms.set(execution_id, realm)
    }
    const left = [...unknown]
    while (left.length > 0) {
      const some = left.splice(0, LOOKED_UP_AT_ONCE)
      await Promise.all(some.map(([execution, { tenant_id }]) => this.#lookUp(realms, tenant_id, execution)))
    }
    return ({ execution_id }) => (execution_id === null ? undefined : realms.get(execution_id))
  }

  async #lookUp(realms: Map<ExecutionId, string>, tenant: TenantId, execution: ExecutionId): Promise<void> {
    const row = await this.#store.getExecution(tenant, execution)
    if (!row) return
    this.#known.set(execution, row.realm)
    realms.set(execution, row.realm)
  }
}

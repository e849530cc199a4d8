// What a query's handler is given: it reads, and leaves nothing behind.

import type { SessionId, TenantId } from '@biplane/protocol'
import type { QueryContext, StateReader } from '@biplane/realm'

import type { StateScope, Store } from '../store/port.ts'
import type { EngineParts } from './ports.ts'

const STATE_LIST_DEFAULT = 100
const STATE_LIST_MAX = 1_000

export function queryContext(
  { store, artifacts }: Pick<EngineParts, 'store' | 'artifacts'>,
  tenantId: TenantId,
  session: SessionId | null,
  signal: AbortSignal,
): QueryContext {
  const state = {
    session: session === null ? null : stateReader(store, 'session', session),
    tenant: stateReader(store, 'tenant', tenantId),
  }
  return { tenantId, state, artifacts: artifacts.of(tenantId, signal), signal }
}

const stateReader = (store: Store, scope: StateScope, owner: SessionId | TenantId): StateReader => ({
  async get<T>(key: string) {
    const row = await store.getState(scope, owner, key)
    return row && { value: JSON.parse(row.value) as T, revision: row.revision }
  },
  async list<T>(prefix: string, limit = STATE_LIST_DEFAULT, after?: string) {
    const { items } = await store.listState(scope, owner, prefix, after ?? null, Math.min(limit, STATE_LIST_MAX))
    return items.map(({ key, value, revision }) => ({ key, value: JSON.parse(value) as T, revision }))
  },
})

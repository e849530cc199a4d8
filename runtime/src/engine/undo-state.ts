// The state as an undo sees it. What it writes is committed at once, under the step that is undone; a replay of the handler
// does not meet it.

import type { SessionId, TenantId } from '@biplane/protocol'
import { type SharedState, StateConflict, type Undo } from '@biplane/realm'
import { stateText } from '@biplane/realm/json'
import type { Call, Scope } from '@biplane/realm/port'

import type { Store } from '../store/port.ts'
import type { Journal } from './journal.ts'

interface Place {
  store: Store
  journal: Journal
  sessionId: SessionId
  tenantId: TenantId
}

export const undoState = (place: Place, ask: Call): Undo<unknown>['state'] => ({
  ...sharedState(place, ask, 'session', place.sessionId),
  tenant: sharedState(place, ask, 'tenant', place.tenantId),
})

const sharedState = (
  { store, journal }: Place,
  { ordinal }: Call,
  scope: Scope,
  owner: SessionId | TenantId,
): SharedState => ({
  async get<T>(key: string) {
    const row = await store.getState(scope, owner, key)
    return row && { value: JSON.parse(row.value) as T, revision: row.revision }
  },
  async compareAndSet(key, revision, value) {
    const text = stateText(key, value)
    const data = { ordinal, name: key, scope, revision: revision + 1 }
    const entry = journal.entry('state.changed', data, `{"undo":true,"value":${text}}`)
    const written = await journal.compareAndSet(entry, { scope, key, value: text, revision })
    if ('conflict' in written) throw new StateConflict(key, written.conflict)
    return data.revision
  },
})

import type { SessionId, TenantId } from '@biplane/protocol'

import type { StateRow, StateScope } from '../port.ts'
import type { Database } from './database.ts'

const SELECT = 'SELECT key, value, revision FROM state WHERE scope = ? AND owner = ? AND key = ? AND value IS NOT NULL'

export function getState(db: Database, scope: StateScope, owner: SessionId | TenantId, key: string): StateRow | null {
  return (db.get(SELECT, scope, owner, key) as StateRow | undefined) ?? null
}

import type { TenantId } from '@biplane/protocol'

import type { Database } from './database.ts'
import { tenantScope } from './index-batch.ts'
import { lastPlace } from './last-place.ts'
import { indexedPosOf } from './read-entries.ts'

/** How many entries a tenant has, as far as the log is indexed. Must be called in a transaction. */
export const readTenantHead = (db: Database, tenant: TenantId): { last: number; indexedPos: number } => ({
  last: lastPlace(db, tenantScope(tenant))?.seq ?? 0,
  indexedPos: indexedPosOf(db),
})

import type { TenantId } from '@biplane/protocol'

import type { Database } from './database.ts'
import { tenantScope } from './index-batch.ts'
import { type ReadEntries, readEntries } from './read-entries.ts'
import { tenantFloor } from './tenant-floor.ts'

export interface ReadTenant extends ReadEntries {
  /** The place that was read behind: what was asked for, or the floor. */
  from: number
}

/** Entries of a tenant behind a place, in order. Must be called in a transaction. */
export function readTenant(db: Database, tenant: TenantId, after: number, limit: number): ReadTenant {
  const from = Math.max(after, tenantFloor(db, tenant))
  return { from, ...readEntries(db, tenantScope(tenant), from, limit) }
}

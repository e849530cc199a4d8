import type { TenantId } from '@biplane/protocol'

import type { Database } from './database.ts'

const SELECT = 'SELECT place FROM tenant_floor WHERE tenant_id = ?'

/** Up to which place the feed of a tenant is not read any more; 0 if nothing of it was cut off. */
export const tenantFloor = (db: Database, tenant: TenantId): number =>
  (db.get(SELECT, tenant)?.['place'] as number) ?? 0

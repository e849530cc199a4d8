import type { Lease } from '../port.ts'
import { NOBODY } from './claim-shards.ts'
import type { WriteDb } from './write-db.ts'

const UPDATE = 'UPDATE lease SET owner = ? WHERE shard = ? AND epoch = ?'

export function releaseShards(db: WriteDb, { leases }: { leases: readonly Lease[] }): void {
  for (const { shard, epoch } of leases) db.db.run(UPDATE, NOBODY, shard, epoch)
}

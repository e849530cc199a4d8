import { type Lease, SHARDS } from '../port.ts'
import type { WriteDb } from './write-db.ts'

const UPSERT = `
  INSERT INTO lease (shard, epoch, owner) VALUES (?, 1, ?)
  ON CONFLICT (shard) DO UPDATE SET epoch = epoch + 1, owner = excluded.owner
  RETURNING epoch`

/** Who holds the folder is the only process that lives, so every shard is free to take. */
export function claimShards(db: WriteDb, { owner }: { owner: string }): Lease[] {
  const leases: Lease[] = []
  for (let shard = 0; shard < SHARDS; shard++) {
    leases.push({ shard, epoch: db.db.get(UPSERT, shard, owner)?.['epoch'] as number })
  }
  db.leasesChanged()
  return leases
}

import { type Claimed, SHARDS } from '../port.ts'
import type { WriteDb } from './write-db.ts'

/** The owner of a shard that was let go of in peace. */
export const NOBODY = ''

const SELECT = 'SELECT owner FROM lease WHERE shard = ?'
const UPSERT = `
  INSERT INTO lease (shard, epoch, owner) VALUES (?, 1, ?)
  ON CONFLICT (shard) DO UPDATE SET epoch = epoch + 1, owner = excluded.owner
  RETURNING epoch`

/** Who holds the folder is the only process that lives, so every shard is free to take. */
export function claimShards(db: WriteDb, { owner }: { owner: string }): Claimed[] {
  const claimed: Claimed[] = []
  for (let shard = 0; shard < SHARDS; shard++) {
    const released = (db.db.get(SELECT, shard)?.['owner'] ?? NOBODY) === NOBODY
    claimed.push({ shard, epoch: db.db.get(UPSERT, shard, owner)?.['epoch'] as number, released })
  }
  db.leasesChanged()
  return claimed
}

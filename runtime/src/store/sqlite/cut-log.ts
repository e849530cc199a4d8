// Cuts off the beginning of a session's log: its entries, and their places in the index of the session and of its executions. The
// tenant's index goes on naming them, behind a floor below which nobody reads.

import type { SessionId, TenantId } from '@biplane/protocol'

import type { CutLog, Entry, LogCut } from '../port.ts'
import { neededFrom } from './needed-from.ts'
import { dropRunsBelow, placeAt, placesFrom, shortenRuns } from './runs.ts'
import { sessionHead } from './session-head.ts'
import { tenantScope } from './index-batch.ts'
import { tenantFloor } from './tenant-floor.ts'
import type { WriteDb } from './write-db.ts'

const UPDATE_LOOKED = 'UPDATE session SET looked_ms = ? WHERE tenant_id = ? AND session_id = ?'
const DELETE_ENTRY = 'DELETE FROM entry WHERE pos = ? RETURNING execution_id'
const RAISE_FLOOR = 'INSERT OR REPLACE INTO tenant_floor (tenant_id, place) VALUES (?, ?)'

/** Must be alone in its transaction. */
export function cutLog(db: WriteDb, command: CutLog): LogCut {
  const { tenant_id, session_id, entries_max } = command
  db.requireLease(command.lease)
  const head = sessionHead(db, tenant_id, session_id)
  if (!head) return { entries: 0, more: false, first_seq: 1, tenant_floor: 0 }
  db.db.run(UPDATE_LOOKED, command.looked_ms, tenant_id, session_id)
  db.index.write(db.db, true)
  const below = Math.min(command.before_seq, head.last_seq, neededFrom(db, session_id))
  // One more than may go: it is the first that stays.
  const places = [...placesFrom(db.db, session_id, entries_max + 1)]
  const going = places.slice(0, entries_max).filter(({ seq }) => seq < below)
  const first_seq = places[going.length]?.seq ?? head.last_seq
  const last = going.at(-1)
  if (last) {
    remove(
      db,
      session_id,
      going.map(({ pos }) => pos),
      first_seq,
    )
    raiseFloor(db, tenant_id, last.pos)
  }
  const more = going.length === entries_max && first_seq < below
  return { entries: going.length, more, first_seq, tenant_floor: tenantFloor(db.db, tenant_id) }
}

function remove({ db }: WriteDb, session: SessionId, positions: readonly number[], first_seq: number): void {
  const executions = new Set<string>()
  for (const pos of positions) {
    const { execution_id } = db.get(DELETE_ENTRY, pos) as Pick<Entry, 'execution_id'>
    if (execution_id !== null) executions.add(execution_id)
  }
  shortenRuns(db, session, first_seq)
  for (const execution of executions) shortenRuns(db, execution, first_seq)
}

function raiseFloor({ db }: WriteDb, tenant: TenantId, pos: number): void {
  const scope = tenantScope(tenant)
  const place = placeAt(db, scope, pos)
  // Runs are dropped below the floor alone.
  if (place === null || place <= tenantFloor(db, tenant)) return
  db.run(RAISE_FLOOR, tenant, place)
  dropRunsBelow(db, scope, place)
}

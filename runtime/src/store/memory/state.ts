// State, with the rules of the port: all or none of a command's writes, each seeing those before it. A revision counts the
// writes of a key, deletions included, and never goes back.

import type { SessionId, TenantId } from '@biplane/protocol'

import type { RecordExecution, StateRow, StateScope } from '../port.ts'
import type { StateRecord, Tables } from './tables.ts'

interface Written extends StateRecord {
  scope: StateScope
  owner: SessionId | TenantId
}

type Checked = { rows: Written[] } | { conflict: { key: string; revision: number } }

/** The rows that a command's writes make, or the first write that expected another revision. */
export function checkState(tables: Tables, { state, session_id, tenant_id }: RecordExecution): Checked {
  const rows: Written[] = []
  for (const { scope, key, value, revision: expected } of state) {
    const owner = scope === 'session' ? session_id : tenant_id
    const before =
      rows.findLast((row) => row.scope === scope && row.key === key) ?? tables.stateOf(scope, owner).get(key)
    const visible = before && before.value !== null ? before.revision : 0
    if (expected !== undefined && expected !== visible) return { conflict: { key, revision: visible } }
    rows.push({ scope, owner, key, value, revision: (before?.revision ?? 0) + 1 })
  }
  return { rows }
}

export function writeState(tables: Tables, rows: readonly Written[]): void {
  for (const { scope, owner, key, value, revision } of rows) {
    tables.stateOf(scope, owner).set(key, { key, value, revision })
  }
}

/** In the order of the keys' bytes in UTF-8. */
export function statesWith(tables: Tables, scope: StateScope, owner: SessionId | TenantId, prefix: string): StateRow[] {
  return [...tables.stateOf(scope, owner).values()]
    .filter((row): row is StateRow => row.value !== null && row.key.startsWith(prefix))
    .sort((a, b) => compareUtf8(a.key, b.key))
}

export const compareUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

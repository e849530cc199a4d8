// Writes of state: all or none of a command's, each seeing those before it. A revision counts the writes of a key, deletions
// included, and never goes back: who compares by it cannot mistake a key that was deleted and made again for the one it read.

import type { RecordExecution, StateScope, StateWrite } from '../port.ts'
import type { Database } from './database.ts'

interface StateRow {
  scope: StateScope
  owner: string
  key: string
  value: string | null
  revision: number
}

const SELECT = 'SELECT value, revision FROM state WHERE scope = ? AND owner = ? AND key = ?'
const UPSERT = 'INSERT OR REPLACE INTO state (scope, owner, key, value, revision) VALUES (?, ?, ?, ?, ?)'

type Checked = { rows: StateRow[] } | { conflict: { key: string; revision: number } }

/** The rows that a command's writes make, or the first write that expected another revision. */
export function checkState(db: Database, command: RecordExecution): Checked {
  const rows: StateRow[] = []
  for (const write of command.state) {
    const owner = write.scope === 'session' ? command.session_id : command.tenant_id
    const before =
      rows.findLast(({ scope, key }) => scope === write.scope && key === write.key) ?? read(db, write, owner)
    const revision = before?.revision ?? 0
    const visible = (before?.value ?? null) === null ? 0 : revision
    if (write.revision !== undefined && write.revision !== visible) {
      return { conflict: { key: write.key, revision: visible } }
    }
    rows.push({ scope: write.scope, owner, key: write.key, value: write.value, revision: revision + 1 })
  }
  return { rows }
}

export function writeState(db: Database, rows: readonly StateRow[]): void {
  for (const { scope, owner, key, value, revision } of rows) db.run(UPSERT, scope, owner, key, value, revision)
}

function read(
  db: Database,
  { scope, key }: StateWrite,
  owner: string,
): Pick<StateRow, 'value' | 'revision'> | undefined {
  return db.get(SELECT, scope, owner, key) as unknown as Pick<StateRow, 'value' | 'revision'> | undefined
}

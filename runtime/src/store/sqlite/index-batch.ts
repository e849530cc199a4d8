// A stretch of the log on its way into the index: entries in commit order, gathered into runs by what readers look for. It is
// written whole, sorted by key, in the transaction that moves `meta.indexed_pos` past it, so the index never holds a part of it.

import type { ExecutionId, SessionId, TenantId } from '@biplane/protocol'

import type { Database } from './database.ts'
import { INDEX_CHARS_MAX, INDEX_ENTRIES_MAX, RUN_ENTRIES_MAX } from './limits.ts'
import { PlacePacker } from './places.ts'

/** What the index needs to know of an entry. */
export interface Located {
  tenant_id: TenantId
  session_id: SessionId
  execution_id: ExecutionId | null
  seq: number
  /** Its place among the entries of the tenant. */
  tenant_seq: number
  pos: number
  chars: number
}

const INSERT_RUN = 'INSERT INTO entry_index (scope, first, pos, places) VALUES (?, ?, ?, ?)'
const INSERT_EXECUTION = 'INSERT OR IGNORE INTO execution_of_session (session_id, execution_id) VALUES (?, ?)'
const MOVE_ON = "UPDATE meta SET value = ? WHERE name = 'indexed_pos'"

export const tenantScope = (tenant: TenantId): string => `ten:${tenant}`

interface Run {
  scope: string
  places: PlacePacker
}

export class IndexBatch {
  readonly #rowsMax: number
  readonly #runs: Run[] = []
  /** The run of each scope that is not full. */
  readonly #current = new Map<string, PlacePacker>()
  readonly #sessionOf = new Map<ExecutionId, SessionId>()
  #entries = 0
  #chars = 0
  lastPos = 0

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax
  }

  add({ tenant_id, session_id, execution_id, seq, tenant_seq, pos, chars }: Located): void {
    this.#place(session_id, seq, pos)
    this.#place(tenantScope(tenant_id), tenant_seq, pos)
    if (execution_id !== null) {
      this.#place(execution_id, seq, pos)
      this.#sessionOf.set(execution_id, session_id)
    }
    this.#entries++
    this.#chars += chars
    this.lastPos = pos
  }

  get isEmpty(): boolean {
    return this.#entries === 0
  }

  get isFull(): boolean {
    const rows = this.#runs.length + this.#sessionOf.size
    return rows >= this.#rowsMax || this.#entries >= INDEX_ENTRIES_MAX || this.#chars >= INDEX_CHARS_MAX
  }

  /** The last seq of a scope in this stretch; null if it is not in here. */
  lastSeq(scope: string): number | null {
    return this.#current.get(scope)?.lastSeq ?? null
  }

  /** Must be called in a transaction. */
  write(db: Database): void {
    const runs = this.#runs.toSorted((a, b) => compare(a.scope, b.scope) || a.places.first.seq - b.places.first.seq)
    for (const { scope, places } of runs) {
      db.run(INSERT_RUN, scope, places.first.seq, places.first.pos, places.packed())
    }
    const pairs = [...this.#sessionOf].sort((a, b) => compare(a[1], b[1]) || compare(a[0], b[0]))
    for (const [execution, session] of pairs) db.run(INSERT_EXECUTION, session, execution)
    db.run(MOVE_ON, this.lastPos)
  }

  #place(scope: string, seq: number, pos: number): void {
    const current = this.#current.get(scope)
    if (current && current.count < RUN_ENTRIES_MAX) return current.add(seq, pos)
    const places = new PlacePacker(seq, pos)
    this.#current.set(scope, places)
    this.#runs.push({ scope, places })
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

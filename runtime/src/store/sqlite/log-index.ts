// The index behind the log. Appends only note here where their entries are; once a batch has enough, it rides in the next
// commit. What is behind is bounded by the batches, and is read again from `meta.indexed_pos` when the file is opened.

import type { ExecutionId, SessionId, TenantId } from '@biplane/protocol'

import type { Database } from './database.ts'
import { IndexBatch, type Located, tenantScope } from './index-batch.ts'
import { lastPlace } from './last-place.ts'
import { INDEX_ENTRIES_MAX } from './limits.ts'

const SELECT_BEHIND = `
  SELECT pos, tenant_id, session_id, seq, execution_id, length(data) + ifnull(length(secret), 0) AS chars
  FROM entry WHERE pos > ? ORDER BY pos LIMIT ${INDEX_ENTRIES_MAX}`

export class LogIndex {
  readonly #rowsMax: number
  #full: IndexBatch[] = []
  /** How many of them the open transaction has written. */
  #inFile = 0
  #open: IndexBatch
  /** Every entry up to this one is in the index, durably. */
  indexedPos: number

  constructor(rowsMax: number, indexedPos: number) {
    this.#rowsMax = rowsMax
    this.#open = new IndexBatch(rowsMax)
    this.indexedPos = indexedPos
  }

  /** Entries that were committed, in order. */
  add(entries: readonly Located[]): void {
    for (const entry of entries) {
      this.#open.add(entry)
      if (this.#open.isFull) this.#seal()
    }
  }

  /** Takes up what was committed and not indexed when the file was last used; at most one batch. False if there is none. */
  takeUp(db: Database): boolean {
    const rows = db.all(SELECT_BEHIND, this.indexedPos)
    for (const row of rows) {
      const tenant = row['tenant_id'] as TenantId
      this.add([toLocated(row, this.lastSeqIn(db, tenantScope(tenant)) + 1)])
    }
    return rows.length > 0
  }

  /** Writes the batches that are full, or all. Must be called in a transaction; `written` or `undone` follows its end. */
  write(db: Database, all: boolean): void {
    if (all && !this.#open.isEmpty) this.#seal()
    for (const batch of this.#full.slice(this.#inFile)) batch.write(db)
    this.#inFile = this.#full.length
  }

  /** What `write` wrote is durable. */
  written(): void {
    this.indexedPos = this.#full.at(-1)?.lastPos ?? this.indexedPos
    this.#full = []
    this.#inFile = 0
  }

  /** What `write` wrote is not there. */
  undone(): void {
    this.#inFile = 0
  }

  get isBehind(): boolean {
    return this.#full.length > 0 || !this.#open.isEmpty
  }

  /** The last seq of a scope among the entries that are committed, indexed or not; 0 if there are none. */
  lastSeqIn(db: Database, scope: string): number {
    return this.#lastSeqBehind(scope) ?? lastPlace(db, scope)?.seq ?? 0
  }

  #lastSeqBehind(scope: string): number | null {
    return (
      this.#open.lastSeq(scope) ?? this.#full.findLast((batch) => batch.lastSeq(scope) !== null)?.lastSeq(scope) ?? null
    )
  }

  #seal(): void {
    this.#full.push(this.#open)
    this.#open = new IndexBatch(this.#rowsMax)
  }
}

const toLocated = (row: Record<string, unknown>, tenant_seq: number): Located => ({
  tenant_id: row['tenant_id'] as TenantId,
  session_id: row['session_id'] as SessionId,
  execution_id: row['execution_id'] as ExecutionId | null,
  seq: row['seq'] as number,
  tenant_seq,
  pos: row['pos'] as number,
  chars: row['chars'] as number,
})

// What a command works on: the connection, and what the writer remembers so that an append reads nothing. What is remembered
// mirrors the open transaction; a rollback forgets all of it, and it is read again when it is needed.

import type { ExecutionId, SessionId, Status, TenantId } from '@biplane/protocol'

import { Fenced } from '../error.ts'
import type { Lease, SessionHead as Head } from '../port.ts'
import type { Database } from './database.ts'
import { type Located, tenantScope } from './index-batch.ts'
import { lastPos } from './last-pos.ts'
import { HEADS_MAX, INDEX_ROWS_MAX } from './limits.ts'
import { LogIndex } from './log-index.ts'
import { Recent } from './recent.ts'

export interface SessionHead extends Head {
  session_id: SessionId
}

/** How many entries a tenant has. */
interface TenantHead {
  last_seq: number
}

export interface ExecutionHead {
  tenant_id: TenantId
  session_id: SessionId
  status: Status
  compensated: boolean
  /** False if it is certain that no timer is set. */
  timers: boolean
}

export interface Appended {
  head: SessionHead
  pos: number
  seq: number
  tenant_seq: number
}

const SELECT_INDEXED_POS = "SELECT value FROM meta WHERE name = 'indexed_pos'"
const SELECT_LEASES = 'SELECT shard, epoch FROM lease'
const SELECT_UNFINISHED =
  'SELECT session_id, count(*) AS count FROM execution INDEXED BY execution_unfinished WHERE ended_ms IS NULL GROUP BY session_id'

export class WriteDb {
  readonly db: Database
  readonly index: LogIndex
  readonly sessions: Recent<SessionId, SessionHead>
  readonly executions: Recent<ExecutionId, ExecutionHead>
  readonly #tenants: Recent<TenantId, TenantHead>
  #lastPos: number | null = null
  #epochs: Map<number, number> | null = null
  #unfinished: Map<SessionId, number> | null = null
  /** Entries of the open transaction. */
  staged: Located[] = []
  appended: Appended | null = null

  constructor(db: Database, limits: { headsMax?: number; indexRowsMax?: number } = {}) {
    this.db = db
    this.sessions = new Recent(limits.headsMax ?? HEADS_MAX)
    this.executions = new Recent(limits.headsMax ?? HEADS_MAX)
    this.#tenants = new Recent(limits.headsMax ?? HEADS_MAX)
    const indexedPos = db.get(SELECT_INDEXED_POS)?.['value'] as number
    this.index = new LogIndex(limits.indexRowsMax ?? INDEX_ROWS_MAX, indexedPos)
    while (this.index.takeUp(db)) this.indexAll()
    this.#counts()
  }

  /**
   * Runs `work` in one transaction, in which batches of the index ride that are full. If anything fails, nothing of it is
   * there: not in the file, and not in what is remembered.
   */
  transaction<T>(work: () => T, indexAll = false): T {
    try {
      this.db.run('BEGIN IMMEDIATE')
      const result = work()
      this.index.write(this.db, indexAll)
      this.db.run('COMMIT')
      this.index.written()
      this.index.add(this.staged)
      this.staged = []
      return result
    } catch (error) {
      this.#forget()
      // SQLite has ended the transaction by itself after some errors, and then ROLLBACK is one more.
      if (this.db.inTransaction) this.db.run('ROLLBACK')
      throw error
    }
  }

  /** Leaves nothing behind the log. */
  indexAll(): void {
    this.transaction(() => {}, true)
  }

  /** Where the entries of the command that has run begin; null if it appended none. */
  takeAppended(): Appended | null {
    const { appended } = this
    this.appended = null
    return appended
  }

  /** @throws Fenced if another owner has claimed the shard since */
  requireLease({ shard, epoch }: Lease): void {
    this.#epochs ??= new Map(this.db.all(SELECT_LEASES).map((row) => [row['shard'] as number, row['epoch'] as number]))
    if (this.#epochs.get(shard) !== epoch) throw new Fenced(shard)
  }

  leasesChanged(): void {
    this.#epochs = null
  }

  nextPos(): number {
    this.#lastPos ??= lastPos(this.db)
    return ++this.#lastPos
  }

  /** To be moved on by who appends, in the open transaction. */
  tenant(tenant: TenantId): TenantHead {
    const head = this.#tenants.get(tenant) ?? { last_seq: this.#lastTenantSeq(tenant) }
    this.#tenants.set(tenant, head)
    return head
  }

  #lastTenantSeq(tenant: TenantId): number {
    const staged = this.staged.findLast((entry) => entry.tenant_id === tenant)
    return staged?.tenant_seq ?? this.index.lastSeqIn(this.db, tenantScope(tenant))
  }

  /** Executions of a session that have not ended. */
  unfinished(session: SessionId): number {
    return this.#counts().get(session) ?? 0
  }

  countUnfinished(session: SessionId, change: 1 | -1): void {
    // If the counts were forgotten, they will be read with this change in them.
    if (!this.#unfinished) return
    const count = (this.#unfinished.get(session) ?? 0) + change
    if (count === 0) this.#unfinished.delete(session)
    else this.#unfinished.set(session, count)
  }

  #counts(): Map<SessionId, number> {
    this.#unfinished ??= new Map(
      this.db.all(SELECT_UNFINISHED).map((row) => [row['session_id'] as SessionId, row['count'] as number]),
    )
    return this.#unfinished
  }

  #forget(): void {
    this.sessions.clear()
    this.executions.clear()
    this.#tenants.clear()
    this.#lastPos = null
    this.#epochs = null
    this.#unfinished = null
    this.staged = []
    this.appended = null
    this.index.undone()
  }
}

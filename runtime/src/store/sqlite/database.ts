// A connection to the data of one folder, with the settings under which a commit survives the loss of power.

import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/** The data of a folder. */
export const FILE = 'biplane.db'
/** Before this version, SQLite could corrupt a file when it started a write-ahead log anew. */
const SQLITE_MIN = [3, 51, 3] as const
/** Only tools from outside can hold a lock for long: there is one writer. */
const LOCK_WAIT_MS = 5_000
const WRITER_CACHE_KIB = 64 * 1024
const READER_CACHE_KIB = 16 * 1024
/** What a checkpoint leaves of the write-ahead log. Pages of a file that is there already are written faster than new ones. */
const WAL_KEPT_BYTES = 64 * 1024 * 1024

type Row = Record<string, unknown>

/** Prepares each statement once. */
export class Database {
  readonly #connection: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(connection: DatabaseSync) {
    this.#connection = connection
  }

  /** By `get`, which finds no row: `run` spends a tenth of an insert's time on an answer that nobody looks at. */
  run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).get(...values)
  }

  /** Answers how many rows were changed. */
  change(sql: string, ...values: SQLInputValue[]): number {
    return this.#prepared(sql).run(...values).changes as number
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values)
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values)
  }

  /** Row by row. A `for` loop lets go of the statement however it is left. */
  each(sql: string, ...values: SQLInputValue[]): Iterable<Row> {
    return this.#prepared(sql).iterate(...values)
  }

  /** Runs `read` against one moment of the data. */
  reading<T>(read: () => T): T {
    this.run('BEGIN')
    try {
      return read()
    } finally {
      if (this.inTransaction) this.run('COMMIT')
    }
  }

  /** Several statements at once, not kept. */
  execute(script: string): void {
    this.#connection.exec(script)
  }

  get inTransaction(): boolean {
    return this.#connection.isTransaction
  }

  close(): void {
    this.#connection.close()
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#connection.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/** `pagesMax` bounds the file, in pages of 4 KiB; beyond it the disk counts as full. */
export function openForWriting(folder: string, pagesMax?: number): Database {
  requireSqlite(process.versions.sqlite ?? '0.0.0')
  const db = new Database(new DatabaseSync(join(folder, FILE), { timeout: LOCK_WAIT_MS }))
  db.execute(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = ${WAL_KEPT_BYTES};
    PRAGMA cache_size = -${WRITER_CACHE_KIB};
  `)
  if (pagesMax !== undefined) db.execute(`PRAGMA max_page_count = ${pagesMax}`)
  return db
}

/** A database that goes with its connection. */
export function openInMemory(): Database {
  requireSqlite(process.versions.sqlite ?? '0.0.0')
  return new Database(new DatabaseSync(':memory:'))
}

export function openForReading(folder: string): Database {
  const db = new Database(new DatabaseSync(join(folder, FILE), { timeout: LOCK_WAIT_MS, readOnly: true }))
  db.execute(`PRAGMA cache_size = -${READER_CACHE_KIB}`)
  return db
}

function requireSqlite(version: string): void {
  const parts = version.split('.').map(Number)
  for (const [i, min] of SQLITE_MIN.entries()) {
    const part = parts[i] ?? 0
    if (part > min) return
    if (part < min)
      throw new Error(`SQLite ${version} is too old: update Node to one with ${SQLITE_MIN.join('.')} or later.`)
  }
}

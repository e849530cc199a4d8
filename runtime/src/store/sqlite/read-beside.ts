// Reads the data of a folder beside the process that has it, for tools. `lock.db` is left alone: whoever has it goes on, and a reader
// of SQLite's write-ahead log keeps no writer waiting. A moment must be short all the same, because while it lasts the log
// cannot start anew.

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import type { ExecutionId } from '@biplane/protocol'

import type { Entry, ExecutionRow, PageOf } from '../port.ts'
import { FILE, type Database, openForReading } from './database.ts'
import { listUnfinished } from './list-unfinished.ts'
import { refuseNewer } from './migrate.ts'
import { indexedPosOf, readEntries } from './read-entries.ts'

/** What is read at one moment, as a store would answer it. */
export interface Moment {
  listUnfinished(after: string | null, limit: number): PageOf<ExecutionRow>
  readExecution(execution: ExecutionId, afterSeq: number, limit: number): Promise<Entry[]>
}

const COUNT_UNFINISHED =
  'SELECT count(*) AS count FROM execution INDEXED BY execution_unfinished WHERE ended_ms IS NULL'
const SELECT_TAIL = 'SELECT execution_id, pos FROM entry WHERE pos > ? AND execution_id IS NOT NULL ORDER BY pos'
const SELECT_ENTRY = 'SELECT * FROM entry WHERE pos = ?'

export class DataBeside {
  readonly #db: Database

  private constructor(db: Database) {
    this.#db = db
  }

  /** Null if there is no data in the folder. @throws StoreTooNew if a newer program wrote it */
  static open(folder: string): DataBeside | null {
    // SQLite makes no file that is only read, and says nothing of the folder.
    if (!existsSync(join(folder, FILE))) return null
    const db = openForReading(folder)
    try {
      refuseNewer(db)
    } catch (error) {
      db.close()
      throw error
    }
    return new DataBeside(db)
  }

  countUnfinished(): number {
    return this.#db.get(COUNT_UNFINISHED)?.['count'] as number
  }

  /** All that `read` reads is as it was when it began. One at a time. */
  async moment<T>(read: (moment: Moment) => Promise<T>): Promise<T> {
    this.#db.run('BEGIN')
    try {
      const tail = tailOf(this.#db)
      return await read({
        listUnfinished: (after, limit) => listUnfinished(this.#db, after, limit),
        readExecution: async (execution, after, limit) => readExecution(this.#db, tail, execution, after, limit),
      })
    } finally {
      if (this.#db.inTransaction) this.#db.run('COMMIT')
    }
  }

  close(): void {
    this.#db.close()
  }
}

/** Where the entries are that the index does not have yet. */
type Tail = Map<ExecutionId, number[]>

function tailOf(db: Database): Tail {
  const tail: Tail = new Map()
  for (const row of db.each(SELECT_TAIL, indexedPosOf(db))) {
    const execution = row['execution_id'] as ExecutionId
    const places = tail.get(execution)
    if (places) places.push(row['pos'] as number)
    else tail.set(execution, [row['pos'] as number])
  }
  return tail
}

/** What is indexed, and then what is not. */
function readExecution(db: Database, tail: Tail, execution: ExecutionId, afterSeq: number, limit: number): Entry[] {
  const found: Entry[] = []
  for (let more = true; more && found.length < limit;) {
    const read = readEntries(db, execution, found.at(-1)?.seq ?? afterSeq, limit - found.length)
    found.push(...read.entries)
    more = read.more
  }
  const after = found.at(-1)?.seq ?? afterSeq
  for (const pos of tail.get(execution) ?? []) {
    if (found.length === limit) break
    const entry = db.get(SELECT_ENTRY, pos) as unknown as Entry
    if (entry.seq > after) found.push(entry)
  }
  return found
}

// Runs SQL that a realm wrote, over Parquet files that are readable by name.

import { join } from 'node:path'

import { copyTo, openDuck, viewOf } from '../duck/open.ts'
import { allRows } from '../duck/rows.ts'
import { ident } from '../duck/sql.ts'
import type { JobContext, Ran, RunJob } from './job.ts'

/** Rows that one query may answer with; what may be more goes into a file. */
const ANSWER_ROWS_MAX = 10_000

export async function run(job: RunJob, { signal, progress }: JobContext): Promise<Ran> {
  using duck = await openDuck({ inputs: Object.values(job.inputs), scratch: job.scratch, signal })
  const { connection } = duck
  for (const [name, path] of Object.entries(job.inputs)) await connection.run(viewOf(name, path))
  for (const { name, sql } of job.views) await connection.run(`CREATE VIEW ${ident(name)} AS ${sql}`)
  const ran: Ran = {}
  for (const [done, { name, sql, to }] of job.queries.entries()) {
    signal.throwIfAborted()
    progress({ message: job.says, done, total: job.queries.length, unit: 'queries' })
    if (to === undefined) {
      const rows = await allRows(connection, `SELECT * FROM (${sql}) LIMIT ${ANSWER_ROWS_MAX}`)
      ran[name] = { rows, written: 0 }
    } else {
      const [written] = await allRows(connection, copyTo(sql, join(job.scratch, to)))
      ran[name] = { rows: [], written: Number(written?.['Count'] ?? 0) }
    }
  }
  return ran
}

// Profiles a typed table, one column after the other: each column is grouped once, and everything is read from its groups.

import type { DuckDBConnection } from '@duckdb/node-api'

import { openDuck, viewOf } from '../duck/open.ts'
import { allRows, firstRow, type PlainRow } from '../duck/rows.ts'
import { ident } from '../duck/sql.ts'
import type { ColumnType, TypedColumn } from '../infer/column-type.ts'
import { findMeanings } from '../profile/meanings.ts'
import type { ColumnProfile, Profile } from '../profile/profile.ts'
import type { JobContext, ProfileJob } from './job.ts'

const TOP_MAX = 10
const BINS_MAX = 20
const SAMPLE_VALUES = 1_000
/** Characters of a text value that are kept. */
const VALUE_CHARS_MAX = 200

const NUMBERS: readonly ColumnType[] = ['integer', 'decimal', 'double']
const MOMENTS: readonly ColumnType[] = ['date', 'timestamp']

export async function profile(job: ProfileJob, { signal, progress }: JobContext): Promise<Profile> {
  using duck = await openDuck({ inputs: [job.typed], scratch: job.scratch, signal })
  const { connection } = duck
  await connection.run(viewOf('typed', job.typed))
  const columns: ColumnProfile[] = []
  for (const column of job.columns) {
    signal.throwIfAborted()
    progress({ message: 'Profiling', done: columns.length, total: job.columns.length, unit: 'columns' })
    columns.push(await profileColumn(connection, column, job.rows))
  }
  return { rows: job.rows, columns }
}

async function profileColumn(connection: DuckDBConnection, column: TypedColumn, rows: number): Promise<ColumnProfile> {
  const { name, type } = column
  const cell = ident(name)
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE groups AS SELECT ${cell} AS v, count(*) AS n FROM typed WHERE ${cell} IS NOT NULL GROUP BY ${cell}`,
  )
  const shown = type === 'text' ? `left(v, ${VALUE_CHARS_MAX})` : 'v'
  const mean = NUMBERS.includes(type) ? 'sum(v::DOUBLE * n) / sum(n)' : 'NULL'
  const facts = await firstRow(
    connection,
    `SELECT coalesce(sum(n), 0)::BIGINT AS n, count(*) AS d, min(${shown}) AS low, max(${shown}) AS high, ${mean} AS mean FROM groups`,
  )
  const top = await allRows(
    connection,
    `SELECT ${shown} AS value, n AS count FROM groups ORDER BY n DESC, v LIMIT ${TOP_MAX}`,
  )
  const sample = await allRows(connection, `SELECT v::VARCHAR AS v FROM groups ORDER BY hash(v) LIMIT ${SAMPLE_VALUES}`)
  const values = Number(facts['n'])
  const distinct = Number(facts['d'])
  const nulls = rows - values
  const texts = sample.map(({ v }) => String(v))
  return {
    name,
    type,
    values,
    nulls,
    distinct,
    min: facts['low'] as ColumnProfile['min'],
    max: facts['high'] as ColumnProfile['max'],
    mean: typeof facts['mean'] === 'number' ? facts['mean'] : null,
    top: top as ColumnProfile['top'],
    histogram: await histogram(connection, type, facts),
    meanings: findMeanings({ name: column.label || name, type, sample: texts, values, nulls, distinct }),
  }
}

async function histogram(
  connection: DuckDBConnection,
  type: ColumnType,
  { low, high, d }: PlainRow,
): Promise<ColumnProfile['histogram']> {
  const moments = MOMENTS.includes(type)
  if ((!NUMBERS.includes(type) && !moments) || low === null || low === high) return []
  const bins = Math.min(BINS_MAX, Number(d))
  const x = moments ? 'epoch(v)' : 'v::DOUBLE'
  const bound = (index: string): string => {
    const at = `lo + (hi - lo) * ${index} / ${bins}`
    return moments ? `make_timestamp(((${at}) * 1000000)::BIGINT)${type === 'date' ? '::DATE' : ''}` : at
  }
  const rows = await allRows(
    connection,
    `WITH ends AS (SELECT min(${x}) AS lo, max(${x}) AS hi FROM groups),
       counts AS (SELECT least(${bins - 1}, floor((${x} - lo) / (hi - lo) * ${bins}))::INT AS bin, sum(n)::BIGINT AS n FROM groups, ends GROUP BY bin)
     SELECT ${bound('bin')} AS "from", ${bound('(bin + 1)')} AS "to", coalesce(n, 0) AS count
     FROM ends, range(${bins}) AS all_bins(bin) LEFT JOIN counts USING (bin) ORDER BY bin`,
  )
  return rows as ColumnProfile['histogram']
}

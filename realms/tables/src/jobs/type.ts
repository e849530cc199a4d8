// Types a landed table. A sample proposes conversions; one pass over all rows counts what each would give; the best that
// fits is taken. A cell that does not fit stays in its row as null and is listed with its row, column and text.

import { join } from 'node:path'

import type { DuckDBConnection } from '@duckdb/node-api'

import { copyTo, openDuck, viewOf } from '../duck/open.ts'
import { allRows } from '../duck/rows.ts'
import { ident, text } from '../duck/sql.ts'
import type { Choice } from '../infer/choose.ts'
import type { TypedColumn } from '../infer/column-type.ts'
import { gatherEvidence, type Evidence } from '../infer/evidence.ts'
import { propose, provenSign } from '../infer/propose.ts'
import { settleRivals } from '../infer/rivals.ts'
import type { ColumnName } from '../read/column-names.ts'
import { countTrials, type Counted } from './count-trials.ts'
import type { JobContext, Typed, TypeJob } from './job.ts'
import { reconcileCells } from './reconcile-cells.ts'
import { trimmedCells, type Wanted } from './trimmed.ts'
import { castTo, typedValue } from './typed-value.ts'
import { typeWarnings } from './type-warnings.ts'

/** Cells looked at to find out what is worth trying; rows are taken from all over the table. */
const SAMPLE_CELLS = 100_000
const SAMPLE_ROWS_MIN = 500
const SAMPLE_ROWS_MAX = 5_000

/** Characters of a rejected cell that are kept. */
const RAW_CHARS_MAX = 1_000

interface Plan extends Counted {
  column: ColumnName
  choice: Choice | null
}

export async function type(job: TypeJob, { signal, progress }: JobContext): Promise<Typed> {
  using duck = await openDuck({ inputs: [job.landed], scratch: job.scratch, signal })
  const { connection } = duck
  await connection.run(viewOf('landed', job.landed))
  progress({ message: 'Looking at the cells' })
  const evidence = await sampleEvidence(connection, job)
  const signs = { ...job.signs, suggested: provenSign(evidence) ?? job.signs.suggested }
  const proposals = job.columns.map(({ label, name }, i) => propose(label || name, evidence[i]!, signs))
  progress({ message: 'Trying types on all rows' })
  const counted = await countTrials(connection, job.columns, proposals)
  const verdict = settleRivals(counted, signs.named ?? signs.suggested)
  const plans = job.columns.map((column, i): Plan => ({ column, choice: verdict.choices[i]!, ...counted[i]! }))
  progress({ message: 'Writing typed rows' })
  const files = await write(connection, job, plans)
  const columns = plans.map(describe)
  const rejectedCells = columns.reduce((sum, { rejected }) => sum + rejected, 0)
  await reconcileCells(connection, job.rows, files, columns)
  return { columns, rejectedCells, warnings: typeWarnings(columns, evidence, verdict.open, signs), ...files }
}

async function sampleEvidence(connection: DuckDBConnection, job: TypeJob): Promise<Evidence[]> {
  const wanted = Math.min(SAMPLE_ROWS_MAX, Math.max(SAMPLE_ROWS_MIN, Math.floor(SAMPLE_CELLS / job.columns.length)))
  const every = Math.max(1, Math.ceil(job.rows / wanted))
  const names = job.columns.map(({ name }) => ident(name)).join(', ')
  const reader = await connection.runAndReadAll(`SELECT ${names} FROM landed WHERE _row % ${every} = 0`)
  const columns = reader.getColumns() as (string | null)[][]
  const all: Evidence[] = []
  for (const [i, { name }] of job.columns.entries()) {
    const evidence = gatherEvidence(columns[i] ?? [])
    all.push(evidence.cells > 0 ? evidence : gatherEvidence(await filledCells(connection, name)))
  }
  return all
}

/** For a column that is empty in the sample. */
async function filledCells(connection: DuckDBConnection, name: string): Promise<string[]> {
  const rows = await allRows(
    connection,
    `SELECT ${ident(name)} AS cell FROM landed WHERE trim(${ident(name)}) <> '' LIMIT ${SAMPLE_ROWS_MIN}`,
  )
  return rows.map(({ cell }) => String(cell))
}

async function write(
  connection: DuckDBConnection,
  job: TypeJob,
  plans: readonly Plan[],
): Promise<{ typed: string; rejected: string }> {
  const typed = join(job.scratch, 'typed.parquet')
  const rejected = join(job.scratch, 'rejected-cells.parquet')
  const cells = trimmedCells(plans.map(wantedOf))
  const values = plans.map(({ column, choice }) => {
    const cell = ident(column.name)
    return `${typedValue(choice, cell, job.nul)} AS ${cell}`
  })
  await connection.run(copyTo(`SELECT ${['_row', ...values].join(', ')} FROM ${cells}`, typed))
  const misfits = plans.filter((plan) => rejectedOf(plan) > 0).map(misfitsOf)
  const none = `SELECT NULL::BIGINT AS "row", '' AS "column", '' AS raw, '' AS reason WHERE false`
  const all = [none, ...misfits].join(' UNION ALL ')
  await connection.run(copyTo(`SELECT * FROM (${all}) ORDER BY "row", "column"`, rejected))
  return { typed, rejected }
}

const wantedOf = ({ column: { name }, choice }: Plan): Wanted => ({
  column: name,
  as: name,
  empty: choice === null ? 'marks' : 'words',
})

function misfitsOf(plan: Plan): string {
  const { column, choice } = plan
  const cell = ident(column.name)
  const misfit =
    choice === null ? `contains(${cell}, chr(0))` : `${cell} IS NOT NULL AND ${castTo(choice, cell)} IS NULL`
  const reason = choice === null ? 'nul_byte' : `not_${choice.type}`
  return `SELECT _row AS "row", ${text(column.name)} AS "column", left(${cell}, ${RAW_CHARS_MAX}) AS raw, ${text(reason)} AS reason
    FROM ${trimmedCells([wantedOf(plan)])} WHERE ${misfit}`
}

const rejectedOf = ({ choice, words, nuls }: Plan): number => (choice === null ? nuls : words - choice.fits)

function describe(plan: Plan): TypedColumn {
  const { column, choice, rows, marks, words } = plan
  const format = choice === null ? undefined : formatOf(choice)
  return {
    ...column,
    type: choice?.type ?? 'text',
    sql_type: choice?.sqlType ?? 'VARCHAR',
    ...(format === undefined ? {} : { format }),
    nulls: rows - (choice === null ? marks : words),
    rejected: rejectedOf(plan),
  }
}

/** How the file writes the values, unless it is the only way or the plainest. */
function formatOf({ type, conversion }: Choice): string | undefined {
  if (conversion.type === 'date') return conversion.format.id
  if (conversion.type === 'timestamp') return conversion.format?.id ?? 'ISO 8601'
  if (conversion.type !== 'number') return undefined
  const example = `1${conversion.groups[0] ?? ''}234${type === 'integer' ? '' : `${conversion.decimal}5`}`
  return example === '1234' || example === '1234.5' ? undefined : example
}

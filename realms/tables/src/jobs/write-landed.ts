// From what the splitter wrote to Parquet. DuckDB reads text in one plain dialect that is given to it in full, so nothing is
// left to guess; that it read exactly the records that were written is checked, not hoped.

import { statSync } from 'node:fs'
import { join } from 'node:path'

import { openDuck, copyTo } from '../duck/open.ts'
import { firstRow } from '../duck/rows.ts'
import { ident, text } from '../duck/sql.ts'
import type { ColumnName } from '../read/column-names.ts'
import type { Tally } from '../read/intermediate.ts'

/** DuckDB's own bound on a line; above it the buffers must grow too. */
const LINE_BYTES_DEFAULT = 2 * 1024 * 1024
const BUFFERS_PER_LINE = 4

const REJECTED_COLUMNS =
  "{'record': 'BIGINT', 'line': 'BIGINT', 'reason': 'VARCHAR', 'detail': 'VARCHAR', 'raw': 'VARCHAR'}"

export async function writeLanded(
  scratch: string,
  from: { rows: string; rejects: string },
  columns: readonly ColumnName[],
  { tally, delimiter }: { tally: Tally; delimiter: string },
  signal: AbortSignal,
): Promise<{ landed: string; rejectedRows: string }> {
  const landed = join(scratch, 'landed.parquet')
  const rejectedRows = join(scratch, 'rejected-rows.parquet')
  using duck = await openDuck({ inputs: [], scratch, signal })
  const { connection } = duck
  await connection.run(copyTo(readRows(from.rows, columns, delimiter, tally.longest), landed))
  const rejects =
    statSync(from.rejects).size === 0
      ? `SELECT * FROM (SELECT unnest([]::STRUCT(record BIGINT, line BIGINT, reason VARCHAR, detail VARCHAR, raw VARCHAR)[], recursive := true))`
      : `SELECT * FROM read_json(${text(from.rejects)}, format = 'newline_delimited', columns = ${REJECTED_COLUMNS})`
  await connection.run(copyTo(rejects, rejectedRows))

  const count = `SELECT count(*) AS n, count(DISTINCT ${ident('_row')}) AS distinct_n FROM read_parquet(${text(landed)})`
  const found = await firstRow(connection, count)
  const rejected = await firstRow(connection, `SELECT count(*) AS n FROM read_parquet(${text(rejectedRows)})`)
  if (
    found['n'] !== tally.landed ||
    found['distinct_n'] !== tally.landed ||
    rejected['n'] !== tally.rejected ||
    tally.in !== tally.landed + tally.rejected
  ) {
    const seen = `${tally.in} in, ${tally.landed} split, ${String(found['n'])} landed, ${String(rejected['n'])} rejected`
    throw new Error(`Rows do not reconcile: ${seen}.`)
  }
  return { landed, rejectedRows }
}

function readRows(path: string, columns: readonly ColumnName[], delimiter: string, longest: number): string {
  const types = ["'_row': 'BIGINT'", ...columns.map(({ name }) => `${text(name)}: 'VARCHAR'`)]
  const options = [
    'auto_detect = false',
    'header = false',
    `delim = ${text(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `new_line = '\\n'`,
    "nullstr = ''",
    'allow_quoted_nulls = false',
    'strict_mode = true',
    'ignore_errors = false',
    `columns = {${types.join(', ')}}`,
    ...(longest < LINE_BYTES_DEFAULT
      ? []
      : [`max_line_size = ${longest + 1}`, `buffer_size = ${longest * BUFFERS_PER_LINE}`, 'parallel = false']),
  ]
  return `SELECT * FROM read_csv(${text(path)}, ${options.join(', ')})`
}

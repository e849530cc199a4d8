// The promise about cells, checked on what was written: every cell of every row is a value, nothing, or listed.

import type { DuckDBConnection } from '@duckdb/node-api'

import { firstRow } from '../duck/rows.ts'
import { ident, text } from '../duck/sql.ts'
import type { TypedColumn } from '../infer/column-type.ts'

/** @throws Error if it does not hold, which is a defect of ours and never of the file */
export async function reconcileCells(
  connection: DuckDBConnection,
  rows: number,
  files: { typed: string; rejected: string },
  columns: readonly TypedColumn[],
): Promise<void> {
  const counts = columns.map(({ name }, i) => `count(${ident(name)}) AS c${i}`)
  const sums = ['count(*) AS n', ...counts].join(', ')
  const typed = await firstRow(connection, `SELECT ${sums} FROM read_parquet(${text(files.typed)})`)
  if (typed['n'] !== rows) throw new Error(`Rows do not reconcile: ${rows} landed, ${String(typed['n'])} typed.`)
  for (const [i, { name, nulls, rejected }] of columns.entries()) {
    const values = Number(typed[`c${i}`])
    if (values + nulls + rejected === rows) continue
    throw new Error(`Cells of ${name} do not reconcile: ${values} + ${nulls} empty + ${rejected} rejected of ${rows}.`)
  }
  const listed = await firstRow(connection, `SELECT count(*) AS n FROM read_parquet(${text(files.rejected)})`)
  const rejected = columns.reduce((sum, column) => sum + column.rejected, 0)
  if (listed['n'] !== rejected) {
    throw new Error(`Cells do not reconcile: ${rejected} rejected, ${String(listed['n'])} listed.`)
  }
}

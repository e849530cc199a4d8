// Answers as plain JSON.

import type { DuckDBConnection } from '@duckdb/node-api'

import { plain, type Plain } from './plain.ts'

export type PlainRow = Record<string, Plain>

/** Every row of an answer; for queries that answer few. */
export async function allRows(connection: DuckDBConnection, sql: string): Promise<PlainRow[]> {
  const reader = await connection.runAndReadAll(sql)
  const names = reader.deduplicatedColumnNames()
  return reader.getRows().map((row) => Object.fromEntries(row.map((value, i) => [names[i]!, plain(value)])))
}

export async function firstRow(connection: DuckDBConnection, sql: string): Promise<PlainRow> {
  const [row] = await allRows(connection, sql)
  if (row === undefined) throw new Error(`No row from: ${sql}`)
  return row
}

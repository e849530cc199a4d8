// Tries conversions on all cells of a table, in as few passes as planning allows.

import type { DuckDBConnection } from '@duckdb/node-api'

import { firstRow, type PlainRow } from '../duck/rows.ts'
import type { Trial } from '../infer/choose.ts'
import { convert, isCode } from '../infer/conversion-sql.ts'
import type { Conversion } from '../infer/propose.ts'
import type { ColumnName } from '../read/column-names.ts'
import { trimmedCells, type Wanted } from './trimmed.ts'

/** Columns in one pass: each needs memory for every step of every conversion. */
const COLUMNS_PER_PASS = 25

export interface Counted {
  rows: number
  /** Cells that say something, if the column is text, and if it is not. */
  marks: number
  words: number
  /** Cells that hold a NUL. */
  nuls: number
  /** Cells that look like identifiers. */
  codes: number
  trials: Trial[]
}

export async function countTrials(
  connection: DuckDBConnection,
  columns: readonly ColumnName[],
  proposals: readonly Conversion[][],
): Promise<Counted[]> {
  const all: Counted[] = []
  for (let from = 0; from < columns.length; from += COLUMNS_PER_PASS) {
    const some = columns.slice(from, from + COLUMNS_PER_PASS)
    const tried = proposals.slice(from, from + COLUMNS_PER_PASS)
    const row = await firstRow(connection, countingQuery(some, tried))
    some.forEach((_, i) => all.push(countedOf(row, i, tried[i]!)))
  }
  return all
}

/** Three stages: trimmed cells, what each conversion makes of them, and the counts. */
function countingQuery(columns: readonly ColumnName[], tried: readonly Conversion[][]): string {
  const wanted = columns.flatMap(({ name }, i): Wanted[] => [
    { column: name, as: `m${i}`, empty: 'marks' },
    { column: name, as: `t${i}`, empty: 'words' },
  ])
  const values = tried.flatMap((conversions, i) =>
    conversions.map((conversion, j) => `${convert(conversion, `t${i}`)} AS v${i}_${j}`),
  )
  const sums = columns.flatMap((_, i) => sumsOf(i, tried[i]!))
  const stage = `SELECT ${['*', ...values].join(', ')} FROM ${trimmedCells(wanted)}`
  return `SELECT count(*) AS n, ${sums.join(', ')} FROM (${stage})`
}

function sumsOf(i: number, conversions: readonly Conversion[]): string[] {
  const numbers = conversions.some(({ type }) => type === 'number')
  return [
    `count(m${i}) AS m${i}`,
    `count(t${i}) AS w${i}`,
    `count(*) FILTER (contains(m${i}, chr(0))) AS z${i}`,
    `${numbers ? `count(*) FILTER (${isCode(`t${i}`)})` : 0} AS k${i}`,
    ...conversions.flatMap((conversion, j) => trialSums(conversion, `v${i}_${j}`, `${i}_${j}`)),
  ]
}

function trialSums({ type }: Conversion, value: string, id: string): string[] {
  if (type !== 'number') return [`count(${value}) AS f${id}`]
  // Digits of whole numbers are counted without sign and exponent, decimals as they are written.
  return [
    `count(*) FILTER (isfinite(try_cast(${value} AS DOUBLE))) AS f${id}`,
    `count(*) FILTER (contains(${value}, '.')) AS p${id}`,
    `count(*) FILTER (contains(lower(${value}), 'e')) AS e${id}`,
    `coalesce(max(length(ltrim(split_part(${value}, '.', 1), '+-'))), 0) AS d${id}`,
    `coalesce(max(length(split_part(${value}, '.', 2))), 0) AS s${id}`,
  ]
}

function countedOf(row: PlainRow, i: number, conversions: readonly Conversion[]): Counted {
  const sum = (name: string): number => Number(row[name] ?? 0)
  const trials = conversions.map((conversion, j) => ({
    conversion,
    fits: sum(`f${i}_${j}`),
    fractions: sum(`p${i}_${j}`),
    exponents: sum(`e${i}_${j}`),
    wholeDigits: sum(`d${i}_${j}`),
    scale: sum(`s${i}_${j}`),
  }))
  return { rows: sum('n'), marks: sum(`m${i}`), words: sum(`w${i}`), nuls: sum(`z${i}`), codes: sum(`k${i}`), trials }
}

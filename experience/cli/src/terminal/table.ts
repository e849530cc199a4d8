// A table on a terminal: numbers to the right, no wider than the screen. What is too wide is cut where most can be spared; ids never
// are, since they are there to be copied; and columns that still do not fit are counted.

import { bold, dim } from './style.ts'
import { cut, padded, plain, widthOf } from './text.ts'

const COLUMN_MIN = 12
const GAP = '  '
const ID = /^[a-z]{3}_[0-9a-zA-Z_-]{16,}$/

export type Cell = string | number | boolean | null

interface Column {
  width: number
  /** As far as it may shrink. */
  least: number
  isNumeric: boolean
}

/** `columns` is the width of the screen; Infinity: nothing is cut. */
export function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[], columns: number): string {
  const texts = rows.map((row) => row.map(textOf))
  const shown = fitting(
    head.map((name, i) => columnOf(name, i, rows, texts, columns)),
    columns,
  )
  const line = (cells: readonly string[]) =>
    shown
      .map(({ width, isNumeric }, i) => padded(cut(cells[i] ?? '', width), width, isNumeric ? 'left' : 'right'))
      .join(GAP)
      .trimEnd()
  const left = head.length - shown.length
  const more = left === 0 ? [] : [dim(`(and ${left} more ${left === 1 ? 'column' : 'columns'})`)]
  return [bold(line(head)), ...texts.map(line), ...more].join('\n')
}

function columnOf(
  name: string,
  i: number,
  rows: readonly (readonly Cell[])[],
  texts: readonly string[][],
  columns: number,
): Column {
  const isNumeric =
    rows.some((row) => typeof row[i] === 'number') && rows.every((row) => typeof row[i] === 'number' || row[i] === null)
  const widest = texts.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), widthOf(name))
  const width = Math.min(widest, columns)
  const isWhole = isNumeric || texts.some((row) => ID.test(row[i] ?? ''))
  return { width, least: isWhole ? width : Math.min(width, Math.max(COLUMN_MIN, widthOf(name))), isNumeric }
}

/** Columns from the left that fit, with the widths they get. At least one does. */
function fitting(wanted: readonly Column[], columns: number): Column[] {
  let shown = wanted.length
  while (shown > 1 && spanOf(wanted.slice(0, shown).map(({ least }) => least)) > columns) shown--
  const kept = wanted.slice(0, shown).map((column) => ({ ...column }))
  for (let spare = spanOf(kept.map(({ width }) => width)) - columns; spare > 0; spare--) {
    const widest = kept
      .filter(({ width, least }) => width > least)
      .reduce<Column | null>((most, one) => (most === null || one.width > most.width ? one : most), null)
    if (widest === null) break
    widest.width--
  }
  return kept
}

const spanOf = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1)

const textOf = (cell: Cell): string => (cell === null ? '·' : plain(String(cell)))

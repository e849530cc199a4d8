// A value of JSON as a person reads it, by its shape alone: fields one below the other, lists of objects as tables, and rows that
// come with the names of their columns as one table.

import { type Cell, tableOf } from './table.ts'
import { bold, dim } from './style.ts'
import { padded, plain, widthOf, wrapped } from './text.ts'

/** What is nested deeper is shown as JSON. */
const DEPTH_MAX = 5
const INDENT = '  '
const GAP = '  '
/** An object with no more than this many plain fields is spread over columns of its own, where it stands in a table. */
const SPREAD_FIELDS_MAX = 6

export interface Page {
  /** The width of the screen. */
  columns: number
  /** Of each table; further rows are counted. */
  rowsMax: number
}

type Fields = Record<string, unknown>

/** No line for null. */
export const recordsOf = (value: unknown, page: Page): string[] => (value === null ? [] : linesOf(value, page, 0))

function linesOf(value: unknown, page: Page, depth: number): string[] {
  if (!isNested(value)) return inlineText(value).flatMap((line) => wrapped(line, page.columns))
  if (isInline(value) || depth === DEPTH_MAX) return inlineText(value).flatMap((line) => wrapped(line, page.columns))
  if (Array.isArray(value)) return listLines(value, page, depth)
  const grid = gridOf(value as Fields)
  if (grid === null) return fieldLines(value as Fields, page, depth)
  const rest = Object.keys(grid.rest).length === 0 ? [] : ['', ...fieldLines(grid.rest, page, depth)]
  return [...tableLines(grid.head, grid.rows, page), ...rest]
}

function fieldLines(fields: Fields, page: Page, depth: number): string[] {
  const entries = Object.entries(fields)
  const keys = entries.filter(([, value]) => isInline(value)).map(([key]) => widthOf(plain(key)))
  const width = Math.max(0, ...keys)
  const room = { ...page, columns: page.columns - INDENT.length }
  return entries.flatMap(([key, value]) => {
    if (!isInline(value)) return [bold(plain(key)), ...linesOf(value, room, depth + 1).map((line) => INDENT + line)]
    const lines = inlineText(value).flatMap((line) => wrapped(line, page.columns - width - GAP.length))
    const hanging = ' '.repeat(width + GAP.length)
    return lines.map((line, i) => (i === 0 ? `${dim(padded(plain(key), width))}${GAP}${line}` : hanging + line))
  })
}

function listLines(list: readonly unknown[], page: Page, depth: number): string[] {
  if (!list.every(isFields)) return list.flatMap((item) => linesOf(item, page, depth + 1))
  const spread = list.map(spreadOver)
  const head = [...new Set(spread.flatMap((item) => Object.keys(item)))]
  return tableLines(
    head,
    spread.map((item) => head.map((key) => cellOf(item[key]))),
    page,
  )
}

function tableLines(head: readonly string[], rows: readonly Cell[][], { columns, rowsMax }: Page): string[] {
  const more = rows.length > rowsMax ? [dim(`(and ${rows.length - rowsMax} more; --json has them all)`)] : []
  return [...tableOf(head.map(plain), rows.slice(0, rowsMax), columns).split('\n'), ...more]
}

/** `{rows: {in: 3}}` as `{'rows.in': 3}`. */
function spreadOver(fields: Fields): Fields {
  const entries = Object.entries(fields).flatMap(([key, value]): [string, unknown][] =>
    isFields(value) && isSmall(value)
      ? Object.entries(value).map(([inner, cell]) => [`${key}.${inner}`, cell])
      : [[key, value]],
  )
  return Object.fromEntries(entries)
}

const isSmall = (fields: Fields): boolean => {
  const values = Object.values(fields)
  return values.length > 0 && values.length <= SPREAD_FIELDS_MAX && !values.some(isNested)
}

interface Grid {
  head: string[]
  rows: Cell[][]
  rest: Fields
}

/** Null unless `columns` names the cells of `rows`. A list beside them that is as long as the rows is a column too. */
function gridOf({ columns, rows, ...others }: Fields): Grid | null {
  if (!Array.isArray(columns) || !Array.isArray(rows)) return null
  const names = columns.map((column: unknown) => (isFields(column) ? column['name'] : column))
  if (!names.every((name) => typeof name === 'string')) return null
  if (!rows.every((row: unknown) => Array.isArray(row) && row.length === names.length)) return null
  const isColumn = (value: unknown) => Array.isArray(value) && rows.length > 0 && value.length === rows.length
  const beside = Object.entries(others).filter(([, value]) => isColumn(value)) as [string, unknown[]][]
  return {
    head: [...beside.map(([name]) => name), ...names],
    rows: (rows as unknown[][]).map((row, i) => [...beside.map(([, list]) => list[i]), ...row].map(cellOf)),
    rest: Object.fromEntries(Object.entries(others).filter(([, value]) => !isColumn(value))),
  }
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null
  return isNested(value) ? inlineText(value).join(' ') : (value as Cell)
}

/** Fits into a line: a plain value, or a list of them. */
const isInline = (value: unknown): boolean =>
  !isNested(value) || Object.keys(value).length === 0 || (Array.isArray(value) && !value.some(isNested))

function inlineText(value: unknown): string[] {
  if (typeof value === 'string') return value.split('\n').map(plain)
  if (value === null || value === undefined) return ['·']
  if (!isNested(value)) return [String(value)]
  if (Object.keys(value).length === 0) return ['none']
  if (isInline(value)) return [(value as unknown[]).map((item) => inlineText(item).join(' ')).join(', ')]
  return [plain(JSON.stringify(value))]
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null
const isFields = (value: unknown): value is Fields => isNested(value) && !Array.isArray(value)

// The tables of a mash: contents, and groups of contents that have the same shape and are taken as one.

import { cleanName, unique, type Content, type TypedColumn } from '@biplane/tables'

/** A content under the name by which SQL knows it. */
export interface Source {
  table: string
  content: Content
}

/** One table for the mapping: a single source, or several of one shape on top of one another. */
export interface Group {
  table: string
  members: Source[]
  columns: GroupColumn[]
  rows: number
}

export interface GroupColumn {
  name: string
  label: string
  type: TypedColumn['type']
  sqlType: string
}

/** Two tables are of one shape if they share this much of their columns. */
const SHAPE_SHARE_MIN = 0.8

/** Names that the product needs itself. */
const TAKEN = ['data']

export function nameSources(contents: readonly Content[]): Source[] {
  const taken = new Set(TAKEN)
  return contents.map((content) => {
    const stem = content.name.replace(/\.[a-z0-9]{1,6}$/i, '')
    return { table: unique(cleanName(stem) || 'table', taken), content }
  })
}

/** Groups keep the order in which their first members were given. */
export function groupByShape(sources: readonly Source[]): Group[] {
  const groups: Source[][] = []
  for (const source of sources) {
    const group = groups.find(([first]) => haveOneShape(first!.content.columns, source.content.columns))
    if (group === undefined) groups.push([source])
    else group.push(source)
  }
  return groups.map((members) => ({
    table: members[0]!.table,
    members,
    columns: unifyColumns(members.map(({ content }) => content.columns)),
    rows: members.reduce((sum, { content }) => sum + content.rows.landed, 0),
  }))
}

function haveOneShape(a: readonly TypedColumn[], b: readonly TypedColumn[]): boolean {
  if (![...a, ...b].some(({ label }) => label !== '')) return false
  const names = new Map(a.map((column) => [column.name.toLowerCase(), column]))
  const shared = b.filter(({ name }) => names.has(name.toLowerCase()))
  const all = a.length + b.length - shared.length
  const alike = shared.filter(({ name, type }) => isText(names.get(name.toLowerCase())!.type) === isText(type))
  return alike.length / all >= SHAPE_SHARE_MIN
}

const isText = (type: TypedColumn['type']): boolean => type === 'text'

/** Columns of several tables under one another: by name, each with a type that holds the values of all. */
function unifyColumns(tables: readonly (readonly (TypedColumn | GroupColumn)[])[]): GroupColumn[] {
  const columns = new Map<string, GroupColumn>()
  for (const column of tables.flat()) {
    const key = column.name.toLowerCase()
    const found = columns.get(key)
    const { name, label, type } = column
    const sqlType = 'sql_type' in column ? column.sql_type : column.sqlType
    if (found === undefined) columns.set(key, { name, label, type, sqlType })
    else columns.set(key, { ...found, ...unifyTypes(found, { type, sqlType }) })
  }
  return [...columns.values()]
}

type Typed = Pick<GroupColumn, 'type' | 'sqlType'>

const NUMBERS = ['integer', 'decimal', 'double']

export function unifyTypes(a: Typed, b: Typed): Typed {
  if (a.sqlType === b.sqlType) return a
  if (NUMBERS.includes(a.type) && NUMBERS.includes(b.type)) return unifyNumbers(a, b)
  const moments = ['date', 'timestamp']
  if (moments.includes(a.type) && moments.includes(b.type)) return { type: 'timestamp', sqlType: 'TIMESTAMP' }
  return { type: 'text', sqlType: 'VARCHAR' }
}

const BIGINT_DIGITS = 19
const DECIMAL_DIGITS_MAX = 38

function unifyNumbers(a: Typed, b: Typed): Typed {
  if (a.type === 'double' || b.type === 'double') return { type: 'double', sqlType: 'DOUBLE' }
  const [left, right] = [digitsOf(a.sqlType), digitsOf(b.sqlType)]
  const scale = Math.max(left.scale, right.scale)
  const digits = Math.max(left.whole, right.whole) + scale
  if (digits > DECIMAL_DIGITS_MAX) return { type: 'double', sqlType: 'DOUBLE' }
  return { type: scale === 0 ? 'integer' : 'decimal', sqlType: `DECIMAL(${digits},${scale})` }
}

function digitsOf(sqlType: string): { whole: number; scale: number } {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(sqlType)
  if (match === null) return { whole: BIGINT_DIGITS, scale: 0 }
  return { whole: Number(match[1]) - Number(match[2]), scale: Number(match[2]) }
}

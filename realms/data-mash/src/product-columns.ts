// The columns of the product, each with where it comes from.

import { TerminalError } from '@biplane/realm'
import { unique } from '@biplane/tables'

import { ROW, SOURCE } from './group-sql.ts'
import type { Model, Tree } from './model.ts'
import { unifyTypes, type Group, type GroupColumn } from './source.ts'

/** What is said of all columns must fit into one answer and one entry of a log. */
const PRODUCT_COLUMNS_MAX = 1_000

export interface ProductColumn extends GroupColumn {
  /** For each tree that has it, the table and column that give its values. */
  from: { base: string; table: string; column: string }[]
}

/** A column of a tree under the name that it has in the product. */
interface Placed extends GroupColumn {
  table: string
  column: string
}

export interface ProductLayout {
  columns: ProductColumn[]
  /** For each tree, by its base: which of its columns gives a column of the product. */
  placed: Map<string, Placed[]>
  /** Columns that say which record a value comes from: of the base, and of each joined table. */
  lineage: string[]
}

/** @throws TerminalError data_mash.too_many_columns */
export function layOut(model: Model, groups: ReadonlyMap<string, Group>): ProductLayout {
  const columns = new Map<string, ProductColumn>()
  const placed = new Map<string, Placed[]>()
  for (const tree of model.trees) {
    const own = placeColumns(tree, groups)
    placed.set(tree.base, own)
    for (const { table, column, ...place } of own) {
      const key = place.name.toLowerCase()
      const found = columns.get(key)
      const from = { base: tree.base, table, column }
      if (found === undefined) columns.set(key, { ...place, from: [from] })
      else columns.set(key, { ...found, ...unifyTypes(found, place), from: [...found.from, from] })
    }
  }
  if (columns.size > PRODUCT_COLUMNS_MAX) {
    const message = `The product would have ${columns.size} columns; the most is ${PRODUCT_COLUMNS_MAX}. Mash fewer tables at once.`
    throw new TerminalError('data_mash.too_many_columns', message)
  }
  const joined = [...new Set(model.trees.flatMap(({ joins }) => joins.map(({ right }) => right)))]
  return { columns: [...columns.values()], placed, lineage: [SOURCE, ROW, ...joined.flatMap(lineageOf)] }
}

/** For a joined table: the source and the record of the row that was joined. */
export const lineageOf = (table: string): [source: string, row: string] => [`${SOURCE}_${table}`, `${ROW}_${table}`]

/** The base's columns keep their names; one of a joined table gets the table's before it if its own is taken. */
function placeColumns({ base, joins }: Tree, groups: ReadonlyMap<string, Group>): Placed[] {
  const taken = new Set<string>()
  const place = (table: string, column: GroupColumn): Placed => {
    const name = taken.has(column.name.toLowerCase()) ? `${table}_${column.name}` : column.name
    return { ...column, name: unique(name, taken), table, column: column.name }
  }
  const own = groups.get(base)!.columns.map((column) => place(base, column))
  // The key of a joined table says what the column that refers to it says already.
  const others = joins.flatMap(({ right, right_column }) =>
    groups
      .get(right)!
      .columns.filter(({ name }) => name !== right_column)
      .map((column) => place(right, column)),
  )
  return [...own, ...others]
}

// The product as SQL. Every row of every base is in it exactly once (unless duplicates may multiply), whatever it finds to join.

import { ident, text } from '@biplane/tables'

import { GROUP_ORDER, ROW, SOURCE, groupView } from './group-sql.ts'
import { keySql } from './measure-sql.ts'
import type { Model, Tree } from './model.ts'
import { lineageOf, type ProductLayout } from './product-columns.ts'
import type { Relation } from './relation.ts'
import type { Group, GroupColumn } from './source.ts'

/** What becomes of rows of a joined table that share a key: the first is joined, or all are. */
export type Duplicates = 'set_aside' | 'multiply'

type Groups = ReadonlyMap<string, Group>

export function productSql(model: Model, layout: ProductLayout, groups: Groups, duplicates: Duplicates): string {
  const selects = model.trees.map((tree, order) => treeSql(tree, order, layout, groups, duplicates))
  const columns = [...layout.columns.map(({ name }) => name), ...layout.lineage]
  const all = selects.join(' UNION ALL ')
  return `SELECT ${columns.map(ident).join(', ')} FROM (${all}) ORDER BY _tree, ${GROUP_ORDER}, ${ROW}`
}

function treeSql(tree: Tree, order: number, layout: ProductLayout, groups: Groups, duplicates: Duplicates): string {
  const placed = new Map(layout.placed.get(tree.base)!.map((place) => [place.name.toLowerCase(), place]))
  const values = layout.columns.map(({ name, sqlType }) => {
    const place = placed.get(name.toLowerCase())
    const cell = place === undefined ? 'NULL' : `${ident(place.table)}.${ident(place.column)}`
    return `CAST(${cell} AS ${sqlType}) AS ${ident(name)}`
  })
  const base = ident(tree.base)
  const own = [`${base}.${SOURCE}`, `${base}.${ROW}`, `${base}.${GROUP_ORDER}`, `${order} AS _tree`]
  const joins = tree.joins.map((relation) => joinSql(relation, groups, duplicates))
  const lineage = joinedTables(layout).flatMap((table) => lineageSql(table, tree))
  return `SELECT ${[...values, ...own, ...lineage].join(', ')} FROM ${ident(groupView(groups.get(tree.base)!))} AS ${base} ${joins.join(' ')}`
}

/** `_row_x` of the layout names the joined table x. */
const joinedTables = ({ lineage }: ProductLayout): string[] =>
  lineage.filter((name) => name.startsWith(`${ROW}_`)).map((name) => name.slice(ROW.length + 1))

function lineageSql(table: string, { joins }: Tree): string[] {
  const [source, row] = lineageOf(table)
  const joined = joins.some(({ right }) => right === table)
  const cells = joined ? [`${ident(table)}.${SOURCE}`, `${ident(table)}.${ROW}`] : ['NULL::VARCHAR', 'NULL::BIGINT']
  return [`${cells[0]} AS ${ident(source)}`, `${cells[1]} AS ${ident(row)}`]
}

function joinSql(relation: Relation, groups: Groups, duplicates: Duplicates): string {
  const { left, right } = relation
  const { leftKey, rightKey } = keysOf(relation, groups)
  const rows = duplicates === 'multiply' ? ident(groupView(groups.get(right)!)) : `(${firstOfKeySql(relation, groups)})`
  return `LEFT JOIN ${rows} AS ${ident(right)} ON ${leftKey(ident(left))} = ${rightKey(ident(right))}`
}

/** Of the rows of a joined table that share a key, the first, by source and record. */
const firstOfKeySql = (relation: Relation, groups: Groups): string =>
  `SELECT * FROM (${rankedSql(relation, groups)}) WHERE _rank = 1`

/** All rows of a joined table that have a key, with their place among those that share it. */
function rankedSql(relation: Relation, groups: Groups): string {
  const view = ident(groupView(groups.get(relation.right)!))
  const key = keysOf(relation, groups).rightKey(view)
  return `SELECT *, row_number() OVER (PARTITION BY ${key} ORDER BY ${GROUP_ORDER}, ${ROW}) AS _rank FROM ${view} WHERE ${key} IS NOT NULL`
}

function keysOf({ left, left_column, right, right_column, ignore_case }: Relation, groups: Groups) {
  const columnOf = (table: string, name: string): GroupColumn =>
    groups.get(table)!.columns.find((column) => column.name === name)!
  const a = columnOf(left, left_column)
  const b = columnOf(right, right_column)
  return {
    leftKey: (table: string) => keySql(`${table}.${ident(left_column)}`, a, b, ignore_case),
    rightKey: (table: string) => keySql(`${table}.${ident(right_column)}`, b, a, ignore_case),
  }
}

/**
 * Rows of joined tables that are not in the product, and why: they repeat a key whose first row stands for them, or no row
 * of the product refers to them. Over a view `product`.
 */
export function asideSql(model: Model, groups: Groups, duplicates: Duplicates): string {
  const relations = new Map<string, Relation>()
  for (const relation of model.trees.flatMap(({ joins }) => joins)) {
    const { right, right_column, ignore_case } = relation
    relations.set(`${right}\0${right_column}\0${ignore_case}`, relation)
  }
  const byTable = Map.groupBy(relations.values(), ({ right }) => right)
  const selects = [...byTable].map(([table, ways]) => asideOf(table, ways, groups, duplicates))
  const none = `SELECT NULL::VARCHAR AS content, NULL::BIGINT AS record, NULL::VARCHAR AS reason WHERE false`
  return [none, ...selects].join(' UNION ALL ')
}

/** A table may be joined by several keys, under different bases; a row is aside only if none of them brought it in. */
function asideOf(table: string, ways: readonly Relation[], groups: Groups, duplicates: Duplicates): string {
  const [source, row] = lineageOf(table)
  const view = ident(groupView(groups.get(table)!))
  const repeats = ways.map((way) => `SELECT ${SOURCE}, ${ROW} FROM (${rankedSql(way, groups)}) WHERE _rank > 1`)
  const repeated =
    duplicates === 'multiply'
      ? `SELECT NULL::VARCHAR AS ${SOURCE}, NULL::BIGINT AS ${ROW} WHERE false`
      : repeats.join(' UNION ')
  return `SELECT rows.${SOURCE} AS content, rows.${ROW} AS record,
      CASE WHEN repeats.${ROW} IS NULL THEN ${text('not_referred_to')} ELSE ${text('duplicate_key')} END AS reason
    FROM ${view} AS rows
    ANTI JOIN (SELECT DISTINCT ${ident(source)} AS ${SOURCE}, ${ident(row)} AS ${ROW} FROM product) AS used USING (${SOURCE}, ${ROW})
    LEFT JOIN (${repeated}) AS repeats USING (${SOURCE}, ${ROW})`
}

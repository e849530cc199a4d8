// Groups as SQL: a view each, in which every row knows the source and the record it comes from.

import { ident, text } from '@biplane/tables'

import type { Group } from './source.ts'

/** Which source a row is of (by the name of its table, since names of contents may repeat), and the number of its record there. */
export const SOURCE = '_source'
export const ROW = '_row'

/** Of a group's rows under one another, sources in the order given. */
export const GROUP_ORDER = '_order'

export const groupView = (group: Group): string => `group_${group.table}`

/** SQL over the typed tables of the group's members, which are readable by their names. */
export function groupSql({ members, columns }: Group): string {
  const selects = members.map(({ table, content }, order) => {
    const own = new Map(content.columns.map(({ name }) => [name.toLowerCase(), name]))
    const cells = columns.map(({ name, sqlType }) => {
      const cell = own.get(name.toLowerCase())
      return `CAST(${cell === undefined ? 'NULL' : ident(cell)} AS ${sqlType}) AS ${ident(name)}`
    })
    return `SELECT ${text(table)} AS ${SOURCE}, ${ROW}, ${order} AS ${GROUP_ORDER}, ${cells.join(', ')} FROM ${ident(table)}`
  })
  return selects.join(' UNION ALL ')
}

// Counts for a candidate relation, in one query.

import { ident } from '@biplane/tables'

import type { Candidate } from './candidate.ts'
import { groupView } from './group-sql.ts'
import type { Measure } from './relation.ts'
import type { GroupColumn } from './source.ts'

/** A key as it is compared: both sides the same type, text without regard to case if so wanted. */
export function keySql(cell: string, own: GroupColumn, other: GroupColumn, ignoreCase: boolean): string {
  const key = own.type === other.type ? cell : `CAST(${cell} AS VARCHAR)`
  return ignoreCase ? `lower(${key})` : key
}

export function measureSql({ left, leftColumn, right, rightColumn }: Candidate, ignoreCase: boolean): string {
  const leftKey = keySql(ident(leftColumn.name), leftColumn, rightColumn, ignoreCase)
  const rightKey = keySql(ident(rightColumn.name), rightColumn, leftColumn, ignoreCase)
  const density =
    rightColumn.type === 'integer' && leftColumn.type === 'integer'
      ? 'count(*) / (max(k)::DOUBLE - min(k)::DOUBLE + 1)'
      : '0'
  return `WITH l AS (SELECT ${leftKey} AS k, count(*) AS n FROM ${ident(groupView(left))} WHERE ${ident(leftColumn.name)} IS NOT NULL GROUP BY 1),
    r AS (SELECT ${rightKey} AS k, count(*) AS n FROM ${ident(groupView(right))} WHERE ${ident(rightColumn.name)} IS NOT NULL GROUP BY 1),
    pairs AS (SELECT count(*) AS left_distinct, sum(l.n) AS left_rows, count(r.k) AS matched,
      sum(l.n) FILTER (r.k IS NOT NULL) AS matched_rows, sum(l.n * r.n) AS joined_rows FROM l LEFT JOIN r USING (k)),
    rights AS (SELECT count(*) AS right_distinct, sum(n) AS right_rows, count(*) FILTER (n > 1) AS repeated_keys, ${density} AS density FROM r)
    SELECT pairs.*, rights.* FROM pairs, rights`
}

/** A row of `measureSql` as numbers. */
export const measureOf = (row: Record<string, unknown>): Measure => {
  const number = (name: string): number => Number(row[name] ?? 0)
  return {
    leftRows: number('left_rows'),
    leftDistinct: number('left_distinct'),
    matched: number('matched'),
    matchedRows: number('matched_rows'),
    joinedRows: number('joined_rows'),
    rightRows: number('right_rows'),
    rightDistinct: number('right_distinct'),
    repeatedKeys: number('repeated_keys'),
    density: number('density'),
  }
}

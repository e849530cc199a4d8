// A landed cell without space around it, and null if it says nothing. In two stages, each its own subquery, so that what is
// used several times is computed once: written as one expression, a table of 70 columns took over 1 GB to plan and run.

import { ident, isOneOf, text } from '../duck/sql.ts'
import { NULL_MARKS, NULL_WORDS } from '../infer/null-words.ts'

const SPACES = text(' \t\r\n\u00a0\u200b\ufeff')

const without = (trimmed: string, words: readonly string[]): string => {
  const longest = Math.max(...words.map((word) => word.length))
  const empty = `length(${trimmed}) <= ${longest} AND ${isOneOf(`lower(${trimmed})`, words)}`
  return `CASE WHEN ${empty} THEN NULL ELSE ${trimmed} END`
}

/** Which cells of a column are wanted, and under which name. */
export interface Wanted {
  column: string
  as: string
  /** `marks`: as a column of text; `words`: as any other. */
  empty: 'marks' | 'words'
}

/** A subquery over `landed` with `_row` and the wanted cells. */
export function trimmedCells(wanted: readonly Wanted[]): string {
  const columns = [...new Set(wanted.map(({ column }) => column))]
  const trims = columns.map((column) => `trim(${ident(column)}, ${SPACES}) AS ${ident(column)}`)
  const cells = wanted.map(
    ({ column, as, empty }) => `${without(ident(column), empty === 'marks' ? NULL_MARKS : NULL_WORDS)} AS ${ident(as)}`,
  )
  return `(SELECT ${['_row', ...cells].join(', ')} FROM (SELECT ${['_row', ...trims].join(', ')} FROM landed))`
}

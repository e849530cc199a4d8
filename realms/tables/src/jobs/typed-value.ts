// The value of a trimmed cell in the typed table, as SQL.

import type { Choice } from '../infer/choose.ts'
import { convert } from '../infer/conversion-sql.ts'

/** Null if the cell does not fit. */
export const castTo = ({ conversion, sqlType, type }: Choice, cell: string): string => {
  const value = `(${convert(conversion, cell)})`
  if (conversion.type !== 'number') return value
  // `1e999` is no number that a double holds.
  return type === 'double'
    ? `nullif(nullif(try_cast(${value} AS DOUBLE), 'inf'), '-inf')`
    : `try_cast(${value} AS ${sqlType})`
}

/** `nul`: some cell of the table holds a NUL, which no text may. */
export function typedValue(choice: Choice | null, cell: string, nul: boolean): string {
  if (choice !== null) return castTo(choice, cell)
  return nul ? `CASE WHEN NOT contains(${cell}, chr(0)) THEN ${cell} END` : cell
}

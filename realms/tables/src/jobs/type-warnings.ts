// What a person should know of how cells were read: where the file leaves two ways open and one was taken.

import type { TypedColumn } from '../infer/column-type.ts'
import type { Evidence } from '../infer/evidence.ts'
import { isOpen, provenSign, type Signs } from '../infer/propose.ts'
import type { Warning } from '../content.ts'

/** `openDates`: places of the columns whose order of day and month nothing decides. */
export function typeWarnings(
  columns: readonly TypedColumn[],
  evidence: readonly Evidence[],
  openDates: ReadonlySet<number>,
  { named }: Signs,
): Warning[] {
  const warnings: Warning[] = []
  const names = (all: readonly TypedColumn[]): string => all.map(({ label, name }) => label || name).join(', ')
  const isNumber = ({ type }: TypedColumn): boolean => type === 'integer' || type === 'decimal' || type === 'double'
  const proven = named !== null || provenSign(evidence) !== null
  const numbers = proven ? [] : columns.filter((column, i) => isNumber(column) && isOpen(evidence[i]!))
  if (numbers.length > 0) {
    const message = `In ${names(numbers)}, a number such as 1,234 could be read in two ways. Upload with decimal "." or "," to decide.`
    warnings.push({ code: 'decimal_sign_open', message })
  }
  const dates = columns.filter((_, i) => openDates.has(i))
  if (dates.length > 0) {
    const formats = dates.map(({ format }) => format).join(', ')
    const message = `In ${names(dates)}, day and month could be meant the other way round. They were read as ${formats}.`
    warnings.push({ code: 'date_order_open', message })
  }
  return warnings
}

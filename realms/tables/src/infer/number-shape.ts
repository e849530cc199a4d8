// How numbers are written. Which of `.` and `,` is the decimal sign shows in some numbers (`12,5`; `1.234.567`) and not in
// others (`1,234`), so a shape says what a number proves, and a column is judged by what all its numbers prove together.

export type NumberShape =
  | 'integer'
  /** `12.5` proves a point, `12,5` a comma. */
  | 'point'
  | 'comma'
  /** `1,234,567.8` groups by commas, `1.234.567,8` by points. */
  | 'comma_groups'
  | 'point_groups'
  /** `1 234 567` and `1'234'567`, with either decimal sign. */
  | 'space_groups'
  | 'quote_groups'
  /** `1,234` and `1.234`: a group or three decimals. */
  | 'comma_either'
  | 'point_either'

/** Signs of money and shares around a number, as a regular expression that DuckDB and JavaScript read alike. */
export const MONEY =
  '(US\\$|A\\$|C\\$|R\\$|[$€£¥₹₽₩₺]|%|EUR|USD|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|kr\\.?|zł|Kč|Ft)'

const DECORATED = new RegExp(`^([+-]?)\\s?${MONEY}?\\s?([+-]?[0-9.,' \\u00a0\\u202f]*[0-9.])\\s?${MONEY}?$`, 'i')
const ACCOUNTING = /^\((.*)\)$/

const SHAPES: readonly (readonly [NumberShape, RegExp])[] = [
  ['integer', /^[+-]?(0|[1-9][0-9]*)$/],
  ['comma_either', /^[+-]?[1-9][0-9]{0,2},[0-9]{3}$/],
  ['point_either', /^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$/],
  ['point', /^[+-]?((0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$/],
  ['comma', /^[+-]?((0|[1-9][0-9]*),[0-9]+|,[0-9]+)([eE][+-]?[0-9]{1,3})?$/],
  ['point', /^[+-]?(0|[1-9][0-9]*)[eE][+-]?[0-9]{1,3}$/],
  ['comma_groups', /^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?$/],
  ['point_groups', /^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?$/],
  ['space_groups', /^[+-]?[1-9][0-9]{0,2}([ \u00a0\u202f][0-9]{3})+([.,][0-9]+)?$/],
  ['quote_groups', /^[+-]?[1-9][0-9]{0,2}(['’][0-9]{3})+([.,][0-9]+)?$/],
]

/** The shape of a bare number; null if the text is none. A leading zero makes it a code, not a number. */
export const numberShape = (text: string): NumberShape | null =>
  SHAPES.find(([, pattern]) => pattern.test(text))?.[0] ?? null

/** A number without its currency, percent sign or accounting brackets; null if there are none around a number. */
export function undecorated(text: string): string | null {
  const inner = ACCOUNTING.exec(text)?.[1]?.trim()
  if (inner !== undefined) return numberShape(inner) === null ? undecorated(inner) : inner
  const match = DECORATED.exec(text)
  if (match === null || (match[2] === undefined && match[4] === undefined)) return null
  return `${match[1]}${match[3]}`
}

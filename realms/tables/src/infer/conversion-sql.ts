// Conversions as SQL over `t`, a trimmed cell that says something. Each gives null for what does not fit; patterns stand
// before every cast, because casts are generous (`1.5` is a BIGINT to DuckDB, `01.02.24` a day in the year 24).

import { FALSE_WORDS, TRUE_WORDS } from './cell-shape.ts'
import {
  ISO_TIMESTAMP,
  ISO_ZONE,
  TIME_12_STRPTIME,
  TIME_PATTERN,
  timestampPattern,
  timestampStrptime,
} from './date-format.ts'
import { MONEY } from './number-shape.ts'
import type { Conversion } from './propose.ts'
import { isOneOf, list, text } from '../duck/sql.ts'

const matches = (expression: string, pattern: string): string =>
  `regexp_full_match(${expression}, ${text(`(?i)${pattern}`)})`

/** Digits that say "identifier" rather than "number"; one of them makes a column of integers text. */
const CODE_PATTERN = '(0+[1-9][0-9]*|[0-9]{20,}|\\+[0-9]{7,})'
export const isCode = (t: string): string => matches(t, CODE_PATTERN)

/** A value of the conversion's type; of a number, its digits in the plainest form, still as text. */
export function convert(conversion: Conversion, t: string): string {
  switch (conversion.type) {
    case 'boolean':
      return `CASE WHEN ${isOneOf(`lower(${t})`, TRUE_WORDS)} THEN true WHEN ${isOneOf(`lower(${t})`, FALSE_WORDS)} THEN false END`
    case 'number':
      return digits(conversion, t)
    case 'date': {
      const { pattern, strptime } = conversion.format
      return `CASE WHEN ${matches(t, pattern)} THEN try_strptime(${t}, ${text(strptime)})::DATE END`
    }
    case 'timestamp':
      return conversion.format === null
        ? isoTimestamp(t)
        : `CASE WHEN ${matches(t, timestampPattern(conversion.format))} THEN try_strptime(upper(${t}), ${list(timestampStrptime(conversion.format))}) END`
    case 'time':
      return `CASE WHEN ${matches(t, TIME_PATTERN)} THEN coalesce(try_cast(${t} AS TIME), try_strptime(upper(${t}), ${list(TIME_12_STRPTIME)})::TIME) END`
    default:
      return conversion satisfies never
  }
}

/** A zone is applied, so that all timestamps are UTC; without one the time is taken as it stands. */
const isoTimestamp = (t: string): string =>
  `CASE WHEN NOT ${matches(t, ISO_TIMESTAMP)} THEN NULL
    WHEN ${matches(t, `.*:.*${ISO_ZONE}`)} THEN try_cast(${t} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'
    ELSE try_cast(${t} AS TIMESTAMP) END`

function digits({ decimal, groups, decorated }: Extract<Conversion, { type: 'number' }>, t: string): string {
  const bare = decorated ? undecorate(t) : t
  const point = decimal === '.' ? '\\.' : ','
  const grouping = `[${groups.map((group) => (group === '.' ? '\\.' : group)).join('')}]`
  const whole = groups.length === 0 ? '(0|[1-9][0-9]*)' : `(0|[1-9][0-9]*|[1-9][0-9]{0,2}(${grouping}[0-9]{3})+)`
  const pattern = `[+-]?(${whole}(${point}[0-9]*)?|${point}[0-9]+)(e[+-]?[0-9]{1,3})?`
  const ungrouped = groups.reduce((inner, group) => `replace(${inner}, ${text(group)}, '')`, bare)
  const plain = decimal === '.' ? ungrouped : `replace(${ungrouped}, ',', '.')`
  return `CASE WHEN ${matches(bare, pattern)} THEN ${plain} END`
}

/** Takes off currency, percent signs and the brackets by which accountants write a minus. */
function undecorate(t: string): string {
  const signs = text(`(?i)${MONEY}|\\s`)
  return `regexp_replace(regexp_replace(${t}, ${signs}, '', 'g'), '^\\((.*)\\)$', '-\\1')`
}

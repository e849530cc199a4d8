// From evidence to the conversions that are worth trying on all cells of a column. Several may be proposed; DuckDB counts.

import { COMPACT_DATE, DATE_FORMATS, type DateFormat } from './date-format.ts'
import type { DecimalSign } from './column-type.ts'
import { decimalProof, type Evidence } from './evidence.ts'

export type Conversion =
  | { type: 'boolean' }
  | { type: 'number'; decimal: DecimalSign; groups: string[]; decorated: boolean }
  | { type: 'date'; format: DateFormat }
  | { type: 'timestamp'; format: DateFormat | null }
  | { type: 'time' }

/** A conversion is tried if it fits this share of a sample. The bar for accepting it is higher, and over all cells. */
const SHARE_MIN = 0.5

const DATE_NAMES = /date|datum|day|tag|time|zeit|dat$|^dt|_dt|fecha|jour/i

/** Which decimal sign numbers have: the one that was named, else what a column proves, else what the rest of the file suggests. */
export interface Signs {
  named: DecimalSign | null
  suggested: DecimalSign
}

/** In order of preference, for where several fit alike. */
export function propose(name: string, evidence: Evidence, signs: Signs): Conversion[] {
  const likely = (count: number): boolean => evidence.cells > 0 && count >= evidence.cells * SHARE_MIN
  const found: Conversion[] = []
  if (likely(evidence.booleans) && areTruthValues(evidence.booleanWords)) found.push({ type: 'boolean' })
  if (likely(evidence.compactDates) && DATE_NAMES.test(name)) found.push({ type: 'date', format: COMPACT_DATE })
  if (likely(evidence.numbers)) found.push(numberConversion(evidence, signs))
  for (const format of DATE_FORMATS) {
    const dates = evidence.dates.get(format.id) ?? 0
    const timestamps = evidence.timestamps.get(format.id) ?? 0
    if (likely(dates)) found.push({ type: 'date', format })
    if (timestamps > 0 && likely(dates + timestamps)) found.push({ type: 'timestamp', format })
  }
  if (likely(evidence.timestamps.get('ISO') ?? 0)) found.push({ type: 'timestamp', format: null })
  if (likely(evidence.times)) found.push({ type: 'time' })
  return found
}

/** One letter alone may be a code of any kind: `f` is a truth value only beside a `t`. */
const areTruthValues = (words: ReadonlySet<string>): boolean =>
  words.size > 1 || [...words].some((word) => word.length > 1)

function numberConversion(evidence: Evidence, { named, suggested }: Signs): Conversion {
  const { shapes } = evidence
  const decimal = named ?? provenSign([evidence]) ?? suggested
  const groups: string[] = []
  const grouping = decimal === '.' ? ',' : '.'
  const grouped =
    decimal === '.' ? [shapes.comma_groups, shapes.comma_either] : [shapes.point_groups, shapes.point_either]
  if (grouped.some((count) => count !== undefined)) groups.push(grouping)
  if (shapes.space_groups !== undefined) groups.push(' ', '\u00a0', '\u202f')
  if (shapes.quote_groups !== undefined) groups.push("'", '’')
  return { type: 'number', decimal, groups, decorated: evidence.decorated > 0 }
}

/** True if a column's numbers can be read with either decimal sign, to different values. */
export const isOpen = (evidence: Evidence): boolean => {
  const { point, comma } = decimalProof(evidence)
  const { comma_either: a, point_either: b } = evidence.shapes
  return point === 0 && comma === 0 && (a ?? 0) + (b ?? 0) > 0
}

/** The decimal sign that the numbers of all columns together prove; null if they prove neither. */
export function provenSign(all: readonly Evidence[]): DecimalSign | null {
  let point = 0
  let comma = 0
  for (const evidence of all) {
    const proof = decimalProof(evidence)
    point += proof.point
    comma += proof.comma
  }
  return point === comma ? null : comma > point ? ',' : '.'
}

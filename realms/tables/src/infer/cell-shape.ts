// What one cell looks like, as a hint: which conversions are worth trying on its column. DuckDB decides, over all rows.

import { COMPACT_DATE, DATE_FORMATS, ISO_TIMESTAMP, TIME_PATTERN, timestampPattern, whole } from './date-format.ts'
import { numberShape, undecorated, type NumberShape } from './number-shape.ts'

export type CellShape =
  | { kind: 'boolean'; word: string }
  | { kind: 'number'; shape: NumberShape; decorated: boolean }
  /** Digits that begin with a zero, or more of them than a number has: an identifier. */
  | { kind: 'code' }
  | { kind: 'date'; formats: string[] }
  | { kind: 'timestamp'; formats: string[] }
  | { kind: 'time' }
  | { kind: 'text' }

export const TRUE_WORDS = ['true', 'yes', 'y', 't', 'ja', 'on', 'wahr']
export const FALSE_WORDS = ['false', 'no', 'n', 'f', 'nein', 'off', 'falsch']
const BOOLEAN_WORDS = new Set([...TRUE_WORDS, ...FALSE_WORDS])

/** No date, number or truth value is longer. */
const SHAPED_CHARS_MAX = 48

const CODE = /^(0[0-9]+|[0-9]{20,}|\+[0-9]{7,})$/
const TIME = whole(TIME_PATTERN)
const ISO = whole(ISO_TIMESTAMP)
const DATES = DATE_FORMATS.map((format) => ({ id: format.id, pattern: whole(format.pattern) }))
const TIMESTAMPS = DATE_FORMATS.map((format) => ({ id: format.id, pattern: whole(timestampPattern(format)) }))
const COMPACT = whole(COMPACT_DATE.pattern)

/** True if a number could also be eight digits of a date. */
export const looksCompactDate = (text: string): boolean => COMPACT.test(text)

/** `text` is trimmed and not empty. */
export function cellShape(text: string): CellShape {
  if (text.length > SHAPED_CHARS_MAX) return { kind: 'text' }
  const word = text.toLowerCase()
  if (BOOLEAN_WORDS.has(word)) return { kind: 'boolean', word }
  if (!/[0-9]/.test(text)) return { kind: 'text' }
  if (CODE.test(text)) return { kind: 'code' }
  return numberIn(text) ?? dateIn(text) ?? (TIME.test(text) ? { kind: 'time' } : { kind: 'text' })
}

function numberIn(text: string): CellShape | null {
  const bare = numberShape(text)
  if (bare !== null) return { kind: 'number', shape: bare, decorated: false }
  const inner = undecorated(text)
  const shape = inner === null ? null : numberShape(inner.trim())
  return shape === null ? null : { kind: 'number', shape, decorated: true }
}

function dateIn(text: string): CellShape | null {
  const formats = DATES.filter(({ pattern }) => pattern.test(text)).map(({ id }) => id)
  if (formats.length > 0) return { kind: 'date', formats }
  const timestamps = TIMESTAMPS.filter(({ pattern }) => pattern.test(text)).map(({ id }) => id)
  if (ISO.test(text)) timestamps.push('ISO')
  return timestamps.length > 0 ? { kind: 'timestamp', formats: timestamps } : null
}

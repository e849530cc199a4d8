// Whether the first record names the columns. Evidence is gathered column by column: a name stands above values of another
// kind, or of another pattern. Without evidence the first record is taken as a header, as most files have one.

import { cellShape } from '../infer/cell-shape.ts'
import { isNullWord } from '../infer/null-words.ts'

const ROWS_MAX = 200
/** A column is of a kind if this share of its filled cells is. */
const KIND_SHARE_MIN = 0.6

export function looksLikeHeader(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const names = first.map((cell) => cell.trim())
  if (names.every((name) => name === '')) return false
  const filled = names.filter((name) => name !== '')
  if (rows.length === 0) return filled.every((name) => kindOf(name) === 'text')
  if (areSteps(filled)) return true
  let votes = 0
  names.forEach((name, column) => (votes += voteOf(name, valuesOf(rows, column))))
  return votes >= 0
}

function valuesOf(rows: readonly (readonly string[])[], column: number): string[] {
  const values = rows.slice(0, ROWS_MAX).map((row) => (row[column] ?? '').trim())
  return values.filter((value) => !isNullWord(value))
}

/** Above 0: speaks for a header. */
function voteOf(name: string, values: readonly string[]): number {
  if (name === '' || values.length === 0) return 0
  const shaped = values.filter((value) => kindOf(value) !== 'text').length
  if (shaped >= values.length * KIND_SHARE_MIN) return kindOf(name) === 'text' ? 1 : -1
  if (values.includes(name)) return -0.5
  const patterns = new Set(values.map(patternOf))
  return values.length > 1 && patterns.size === 1 ? (patterns.has(patternOf(name)) ? -0.5 : 0.5) : 0
}

/** `AB-12` and `XY-34` are of one pattern. */
const patternOf = (text: string): string => text.replaceAll(/\p{L}/gu, 'a').replaceAll(/\p{N}/gu, '9')

/** The shape of a cell, with everything made of digits as one. */
function kindOf(text: string): 'text' | 'shaped' {
  const { kind } = cellShape(text)
  return kind === 'text' || (kind === 'boolean' && text.length === 1) ? 'text' : 'shaped'
}

/** A name or more, then numbers that count up by one: years or months as columns. */
function areSteps(names: readonly string[]): boolean {
  const numbers = names.map(Number).filter(Number.isInteger)
  return (
    numbers.length >= 2 &&
    numbers.length < names.length &&
    numbers.every((n, i) => i === 0 || n === numbers[i - 1]! + 1)
  )
}

// Which conversion a column gets, once DuckDB has counted over all cells what each would give.

import type { ColumnType } from './column-type.ts'
import type { Conversion } from './propose.ts'

/** What one conversion came to. */
export interface Trial {
  conversion: Conversion
  /** Cells that it converts. */
  fits: number
  /** Of numbers: how many have a fraction or an exponent, and how many digits they need before and after the point. */
  fractions: number
  exponents: number
  wholeDigits: number
  scale: number
}

export interface Choice {
  type: ColumnType
  sqlType: string
  conversion: Conversion
  fits: number
}

/** A column is of a type if no more than this share of its cells is not … */
const MISFIT_SHARE_MAX = 0.05
/** … or, in a short column, no more than a quarter of them and this many. */
const MISFITS_IN_SHORT_MAX = 3
const MISFIT_SHARE_IN_SHORT_MAX = 0.25

const BIGINT_DIGITS = 18
const DECIMAL_DIGITS_MAX = 38
/** More decimals than this are a measurement, for which a double is exact enough. */
const DECIMAL_SCALE_MAX = 6

/** How many of a column's cells may fail to convert. */
const misfitsAllowed = (cells: number): number =>
  Math.max(
    Math.floor(cells * MISFIT_SHARE_MAX),
    Math.min(MISFITS_IN_SHORT_MAX, Math.floor(cells * MISFIT_SHARE_IN_SHORT_MAX)),
  )

/** The trial that fits most cells, the first of equals; null if none fits enough. `codes`: cells that are identifiers. */
export function choose(trials: readonly Trial[], cells: number, codes: number): Choice | null {
  const best = trials.reduce<Trial | null>((a, b) => (a === null || b.fits > a.fits ? b : a), null)
  if (best === null || best.fits === 0 || cells - best.fits > misfitsAllowed(cells)) return null
  const { conversion, fits } = best
  switch (conversion.type) {
    case 'number': {
      const number = numberType(best)
      return number === null || (number.type === 'integer' && codes > 0) ? null : { ...number, conversion, fits }
    }
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'time':
      return { type: conversion.type, sqlType: conversion.type.toUpperCase(), conversion, fits }
    default:
      return conversion satisfies never
  }
}

function numberType({ fractions, exponents, wholeDigits, scale }: Trial): Pick<Choice, 'type' | 'sqlType'> | null {
  const exact = wholeDigits + scale <= DECIMAL_DIGITS_MAX
  if (exponents > 0 || scale > DECIMAL_SCALE_MAX) return { type: 'double', sqlType: 'DOUBLE' }
  if (!exact) return null
  if (fractions > 0) return { type: 'decimal', sqlType: `DECIMAL(${Math.max(1, wholeDigits + scale)},${scale})` }
  return { type: 'integer', sqlType: wholeDigits <= BIGINT_DIGITS ? 'BIGINT' : `DECIMAL(${wholeDigits},0)` }
}

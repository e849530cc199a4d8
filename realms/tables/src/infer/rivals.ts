// Day and month the other way round: `D/M/Y` and `M/D/Y` fit the same cells as long as no day is above 12. A column that is
// decided by its own cells speaks for the others of its file; if none is, slashes mean the American order, unless numbers with a
// decimal comma say otherwise, and dashes the other.

import { choose, type Choice, type Trial } from './choose.ts'
import type { DecimalSign } from './column-type.ts'
import type { DateFormat } from './date-format.ts'

type Order = 'day' | 'month'

export interface RivalVerdict {
  choices: (Choice | null)[]
  /** Columns whose order nothing in the file decides. */
  open: Set<number>
}

interface Column {
  trials: Trial[]
  words: number
  codes: number
}

export function settleRivals(columns: readonly Column[], sign: DecimalSign): RivalVerdict {
  const orders = columns.map(({ trials }) => decidedOrder(trials))
  const days = orders.filter((order) => order === 'day').length
  const months = orders.filter((order) => order === 'month').length
  const known: Order | null = days === months ? null : days > months ? 'day' : 'month'
  const open = new Set<number>()
  const choices = columns.map(({ trials, words, codes }, i) => {
    if (!hasTie(trials)) return choose(trials, words, codes)
    const choice = choose(preferring(trials, known, sign), words, codes)
    if (known === null && choice !== null && formatOf(choice.conversion) !== null) open.add(i)
    return choice
  })
  return { choices, open }
}

const formatOf = (conversion: Trial['conversion']): DateFormat | null =>
  conversion.type === 'date' || conversion.type === 'timestamp' ? conversion.format : null

const orderOf = ({ id }: DateFormat): Order => (id.startsWith('D') ? 'day' : 'month')

/** Pairs of trials that read the same text in both orders. */
function rivalsIn(trials: readonly Trial[]): [Trial, Trial][] {
  return trials.flatMap((trial) => {
    const format = formatOf(trial.conversion)
    if (format?.rival === undefined || orderOf(format) === 'month') return []
    const rival = trials.find(
      ({ conversion }) => conversion.type === trial.conversion.type && formatOf(conversion)?.id === format.rival,
    )
    return rival === undefined ? [] : [[trial, rival] as [Trial, Trial]]
  })
}

const hasTie = (trials: readonly Trial[]): boolean => rivalsIn(trials).some(([a, b]) => a.fits === b.fits && a.fits > 0)

/** The order that a column's own cells decide: only one fits, or one fits more. */
function decidedOrder(trials: readonly Trial[]): Order | null {
  const [pair] = rivalsIn(trials)
  if (pair !== undefined) {
    const [day, month] = pair
    return day.fits === month.fits ? null : day.fits > month.fits ? 'day' : 'month'
  }
  const alone = trials.map(({ conversion }) => formatOf(conversion)).find((format) => format?.rival !== undefined)
  return alone === undefined || alone === null ? null : orderOf(alone)
}

/** The trials with those of the preferred order first, since the first of equals is chosen. */
function preferring(trials: readonly Trial[], known: Order | null, sign: DecimalSign): Trial[] {
  const rank = ({ conversion }: Trial): number => {
    const format = formatOf(conversion)
    if (format?.rival === undefined) return 0
    const preferred = known ?? (format.id.includes('/') && sign === '.' ? 'month' : 'day')
    return orderOf(format) === preferred ? -1 : 1
  }
  return trials.toSorted((a, b) => rank(a) - rank(b))
}

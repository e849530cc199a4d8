// How wide the columns are, where each begins, and which are in view.

import { textOf } from './cell-text.ts'

/** Of the widest common letters. */
export const CHAR_PX = 8.6
/** Texts further down are often longer than the first ones. */
const TEXT_SHARE = 1.25
/** Names are bold. */
const NAME_CHAR_PX = 9.8
/** Paddings, and the border. */
export const AROUND_PX = 27
const WIDTH_PX_MIN = 88
const WIDTH_PX_MAX = 320
/** Rows that are looked at for it. */
const SAMPLE_ROWS = 50

export interface Named {
  name: string
  type: string
}

/** As wide as the name and the first values want it. */
export function widthsOf(columns: readonly Named[], rows: readonly (readonly unknown[])[]): number[] {
  const sample = rows.slice(0, SAMPLE_ROWS)
  return columns.map(({ name, type }, column) => {
    const chars = Math.max(type.length, ...sample.map((row) => textOf(row[column]).length))
    const share = type === 'VARCHAR' ? TEXT_SHARE : 1
    const px = Math.max(name.length * NAME_CHAR_PX, chars * CHAR_PX * share) + AROUND_PX
    return Math.round(Math.min(WIDTH_PX_MAX, Math.max(WIDTH_PX_MIN, px)))
  })
}

/** Where each begins, and at the end where all end: one more than there are columns. */
export function startsOf(widths: readonly number[]): number[] {
  const starts = [0]
  for (const width of widths) starts.push((starts.at(-1) ?? 0) + width)
  return starts
}

/** The first and the last column that have something between `left` and `right`. */
export function columnsBetween(starts: readonly number[], left: number, right: number): [first: number, last: number] {
  const last = Math.max(0, starts.length - 2)
  return [Math.min(last, columnAt(starts, left)), Math.min(last, columnAt(starts, right))]
}

/** The last one that begins at `px` or before it. */
function columnAt(starts: readonly number[], px: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? Infinity) <= px) low = middle
    else high = middle - 1
  }
  return low
}

import { count } from '../data/words.ts'
import { AROUND_PX, CHAR_PX, startsOf, widthsOf } from './columns.ts'
import { type Scale, scaleOf } from './scaled-scroll.ts'
import type { GridPage } from './use-rows.ts'

export const ROW_PX = 32
export const HEAD_PX = 48

/** Where everything of a grid stands, whatever of it is in view. */
export interface Layout {
  total: number
  scale: Scale
  /** Where each column begins behind the row numbers, and where the last one ends. */
  starts: readonly number[]
  /** Of the column of row numbers, which stays in view. */
  numbersPx: number
  widthPx: number
}

/** `first`: rows that tell how wide the columns are. */
export function layOut(total: number, { columns, rows, rowNumbers = [] }: GridPage): Layout {
  const starts = startsOf(widthsOf(columns, rows))
  const numbersPx = count(Math.max(1000, total, rowNumbers.at(-1) ?? 0)).length * CHAR_PX + AROUND_PX
  return { total, scale: scaleOf(total * ROW_PX), starts, numbersPx, widthPx: numbersPx + (starts.at(-1) ?? 0) }
}

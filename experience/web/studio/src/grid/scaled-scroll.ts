// Browsers bound the height of an element (the least of them at 17 million pixels), and a million rows are taller than that. So the
// box that scrolls is at most so tall, and a place in it stands for a place in the rows: one to one near both ends, where people
// scroll to the very first and last row, and stretched between them.

/** Far enough below every browser's own bound. */
const BOX_PX_MAX = 8_000_000
/** How much of each end is not stretched. */
const END_PX = 200_000

export interface Scale {
  /** Of all rows. */
  rowsPx: number
  /** Of what stands for them in the box. */
  boxPx: number
}

export const scaleOf = (rowsPx: number): Scale => ({ rowsPx, boxPx: Math.min(rowsPx, BOX_PX_MAX) })

export const isStretched = ({ rowsPx, boxPx }: Scale): boolean => rowsPx > boxPx

/** How far down the rows it is where the box is scrolled to `scrolled`; `viewPx`: how much of them is in view. */
export function rowsTopAt({ rowsPx, boxPx }: Scale, scrolled: number, viewPx: number): number {
  return stretch(scrolled, boxPx - viewPx, rowsPx - viewPx)
}

/** The other way round. */
export function scrolledAt({ rowsPx, boxPx }: Scale, rowsTop: number, viewPx: number): number {
  return stretch(rowsTop, rowsPx - viewPx, boxPx - viewPx)
}

function stretch(at: number, from: number, to: number): number {
  const inside = Math.max(0, Math.min(from, at))
  if (from === to || inside <= END_PX) return inside
  if (inside >= from - END_PX) return to - (from - inside)
  return END_PX + ((inside - END_PX) * (to - 2 * END_PX)) / (from - 2 * END_PX)
}

/**
 * Where the rows are after the box scrolled on from `before`: a step of a wheel or a finger moves them by as many pixels as it
 * says, and only a jump, as with the scrollbar, is stretched.
 */
export function rowsTopAfter(
  scale: Scale,
  before: { scrolled: number; rowsTop: number },
  scrolled: number,
  viewPx: number,
): number {
  const step = scrolled - before.scrolled
  const isAtEnd = scrolled <= 0 || scrolled >= scale.boxPx - viewPx
  if (!isStretched(scale) || isAtEnd || Math.abs(step) >= viewPx) return rowsTopAt(scale, scrolled, viewPx)
  return Math.max(0, Math.min(scale.rowsPx - viewPx, before.rowsTop + step))
}

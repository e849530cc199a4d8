// What of a grid is in view, and how to bring a cell into it.

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

import { columnsBetween } from './columns.ts'
import type { Place } from './grid-keys.ts'
import { HEAD_PX, type Layout, ROW_PX } from './layout.ts'
import { isStretched, rowsTopAfter, scrolledAt } from './scaled-scroll.ts'

/** Drawn beyond each edge, so that a scroll does not show a gap before they are there. */
const OVERSCAN_ROWS = 8
const OVERSCAN_PX = 200

export interface Shown {
  /** First and last that are drawn. */
  rows: readonly [number, number]
  columns: readonly [number, number]
  /** First and last that are seen. */
  seen: readonly [number, number]
  /** Where row 0 would be in the box. */
  shift: number
}

export interface View {
  shown: Shown
  /** Rows that are seen at once. */
  page: number
  onScroll: () => void
  onScrollEnd: () => void
  /** Scrolls no further than it takes. */
  show: (place: Place) => void
}

const NOTHING: Shown = { rows: [0, -1], columns: [0, -1], seen: [0, -1], shift: 0 }

export function useView(box: RefObject<HTMLElement | null>, layout: Layout): View {
  const { scale, starts, numbersPx } = layout
  const [shown, setShown] = useState(NOTHING)
  const place = useRef({ scrolled: 0, rowsTop: 0 })
  const viewPx = () => Math.max(0, (box.current?.clientHeight ?? 0) - HEAD_PX)

  const look = useCallback(() => {
    if (box.current === null) return
    const { scrolled, rowsTop } = place.current
    const next = shownAt(layout, box.current, rowsTop)
    const shift = Math.round(scrolled - rowsTop)
    setShown((was) => (isSame(was, next) && was.shift === shift ? was : { ...next, shift }))
  }, [box, layout])

  useLayoutEffect(look, [look])
  useEffect(() => {
    if (box.current === null) return
    const observer = new ResizeObserver(look)
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box, look])

  const moveTo = (rowsTop: number, scrolled: number) => {
    place.current = { scrolled, rowsTop }
    flushSync(look)
    box.current?.scrollTo({ top: scrolled })
  }

  return {
    shown,
    page: Math.max(1, Math.floor(viewPx() / ROW_PX) - 1),
    onScroll: () => {
      const scrolled = box.current?.scrollTop ?? 0
      place.current = { scrolled, rowsTop: rowsTopAfter(scale, place.current, scrolled, viewPx()) }
      // Before the browser paints: what is scrolled into view is there.
      flushSync(look)
    },
    onScrollEnd: () => {
      const { rowsTop, scrolled } = place.current
      const right = scrolledAt(scale, rowsTop, viewPx())
      // Steps are not stretched: the scrollbar goes where it belongs when they are over.
      if (isStretched(scale) && Math.abs(right - scrolled) > 1) moveTo(rowsTop, right)
    },
    show: ({ row, column }) => {
      if (box.current === null) return
      const left = starts[column] ?? 0
      const right = (starts[column + 1] ?? left) - (box.current.clientWidth - numbersPx)
      box.current.scrollTo({ left: Math.min(left, Math.max(right, box.current.scrollLeft)) })
      const top = row * ROW_PX
      const bottom = top + ROW_PX - viewPx()
      const rowsTop = Math.min(top, Math.max(bottom, place.current.rowsTop))
      moveTo(rowsTop, scrolledAt(scale, rowsTop, viewPx()))
    },
  }
}

function shownAt({ total, starts, numbersPx }: Layout, box: HTMLElement, rowsTop: number): Omit<Shown, 'shift'> {
  const { scrollLeft, clientWidth, clientHeight } = box
  const first = Math.floor(rowsTop / ROW_PX)
  const last = Math.min(total - 1, Math.floor((rowsTop + clientHeight - HEAD_PX - 1) / ROW_PX))
  const right = scrollLeft + clientWidth - numbersPx
  return {
    rows: [Math.max(0, first - OVERSCAN_ROWS), Math.min(total - 1, last + OVERSCAN_ROWS)],
    columns: columnsBetween(starts, scrollLeft - OVERSCAN_PX, right + OVERSCAN_PX),
    seen: [first, last],
  }
}

const isSame = (a: Omit<Shown, 'shift'>, b: Omit<Shown, 'shift'>): boolean =>
  [a.rows, a.columns, a.seen].flat().join() === [b.rows, b.columns, b.seen].flat().join()

// The rows of a long list that are in view, and how tall it is as a whole.

import { useVirtualizer } from '@tanstack/react-virtual'
import type { RefObject } from 'react'

export interface Window {
  rows: readonly { index: number; top: number }[]
  height: number
  scrollTo: (index: number) => void
  /** For rows that differ in height: a ref for each, which has `data-index`. */
  measure: (row: Element | null) => void
}

export interface WindowOptions {
  /** What scrolls. */
  box: RefObject<HTMLElement | null>
  count: number
  /** Of a row, or about that. */
  rowPx: number
  keyOf: (index: number) => string | number
}

const OVERSCAN_ROWS = 10

export function useWindow({ box, count, rowPx, keyOf }: WindowOptions): Window {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN_ROWS,
    getItemKey: keyOf,
  })
  return {
    rows: virtual.getVirtualItems().map(({ index, start }) => ({ index, top: start })),
    height: virtual.getTotalSize(),
    scrollTo: (index) => virtual.scrollToIndex(index),
    measure: virtual.measureElement,
  }
}

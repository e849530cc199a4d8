// The cell of a grid that one is at, and how keys and clicks lead to another.

import { type KeyboardEvent, type MouseEvent, useState } from 'react'

import { type Place, placeAfter } from './grid-keys.ts'
import type { Shown, View } from './use-view.ts'

export interface Cursor {
  /** Null until one has been there. */
  at: Place | null
  go: (place: Place) => void
  onFocus: () => void
  onKeyDown: (event: KeyboardEvent) => void
  onClick: (event: MouseEvent) => void
}

export function useCursor({ shown, page, show }: View, rows: number, columns: number): Cursor {
  const [at, setAt] = useState<Place | null>(null)
  const start = { row: shown.seen[0], column: 0 }
  const go = (place: Place) => {
    setAt(place)
    show(place)
  }
  return {
    at,
    go,
    onFocus: () => setAt(at ?? start),
    onKeyDown: (event) => {
      if (event.altKey) return
      const place = placeAfter(event.key, event.ctrlKey || event.metaKey, at ?? start, { rows, columns, page })
      if (place === null) return
      event.preventDefault()
      go(place)
    },
    onClick: ({ target }) => setAt((was) => placeClicked(target) ?? was),
  }
}

export const cellId = (grid: string, { row, column }: Place): string => `${grid}-${row}-${column}`

function placeClicked(target: EventTarget): Place | null {
  const cell = target instanceof Element ? target.closest('[role=gridcell]') : null
  const [, row, column] = /-(\d+)-(\d+)$/.exec(cell?.id ?? '') ?? []
  return row === undefined ? null : { row: Number(row), column: Number(column) }
}

export const isDrawn = ({ row, column }: Place, { rows, columns }: Shown): boolean =>
  row >= rows[0] && row <= rows[1] && column >= columns[0] && column <= columns[1]

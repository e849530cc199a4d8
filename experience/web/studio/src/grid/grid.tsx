// A table of any size: only the rows and columns in view are drawn. The focus is the box's, and the arrow keys go from cell to cell.

import { useEffect, useId, useMemo, useRef } from 'react'

import { GridBody } from './grid-body.tsx'
import { GridFoot } from './grid-foot.tsx'
import './grid.css'
import { layOut } from './layout.ts'
import { cellId, isDrawn, useCursor } from './use-cursor.ts'
import type { GridPage, GridRow } from './use-rows.ts'
import { useView } from './use-view.ts'

export interface GridProps {
  label: string
  total: number
  /** The columns, and rows that tell how wide they are. */
  first: GridPage
  /** Null: it has not come yet. */
  rowAt: (index: number) => GridRow | null
  isBusy?: boolean
  /** Of the row of a number; left out, it is one less. */
  placeOf?: (number: number) => Promise<number>
  /** Told of what is seen now. */
  onLook?: (first: number, last: number) => void
}

export function Grid({ label, total, first, rowAt, isBusy = false, placeOf, onLook }: GridProps) {
  const { columns } = first
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const layout = useMemo(() => layOut(total, first), [total, first])
  const view = useView(box, layout)
  const { shown } = view
  const { at, go, onFocus, onKeyDown, onClick } = useCursor(view, total, columns.length)
  const [from, to] = shown.seen
  useEffect(() => onLook?.(from, to), [onLook, from, to])
  const goTo = async (number: number) => {
    const place = Math.min(total, number) - 1
    // Where that cannot be found out, neither can its rows: the grid says why.
    const row = (await placeOf?.(number).catch(() => place)) ?? place
    go({ row, column: at?.column ?? 0 })
    box.current?.focus({ preventScroll: true })
  }
  return (
    <>
      <div
        ref={box}
        className="grid"
        role="grid"
        aria-label={label}
        aria-rowcount={total + 1}
        aria-colcount={columns.length + 1}
        aria-busy={isBusy}
        aria-readonly
        aria-activedescendant={at !== null && isDrawn(at, shown) ? cellId(id, at) : undefined}
        tabIndex={0}
        onScroll={view.onScroll}
        onScrollEnd={view.onScrollEnd}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        onClick={onClick}
      >
        <GridBody id={id} layout={layout} columns={columns} shown={shown} active={at} rowAt={rowAt} />
      </div>
      <GridFoot
        total={total}
        seen={shown.seen}
        at={at}
        columns={columns}
        row={at === null ? null : rowAt(at.row)}
        onGo={(number) => void goTo(number).catch(reportError)}
      />
    </>
  )
}

import { memo } from 'react'

import { count } from '../data/words.ts'
import { isFigure, textOf } from './cell-text.ts'
import { cellId } from './use-cursor.ts'
import type { GridPage, GridRow } from './use-rows.ts'

export interface RowProps {
  /** Of the grid. */
  id: string
  index: number
  /** In the box, in pixels. */
  top: number
  row: GridRow | null
  columns: GridPage['columns']
  starts: readonly number[]
  firstColumn: number
  lastColumn: number
  numbersPx: number
  activeColumn: number | null
}

/** Longer than this, a text may be cut off: it shows whole over its cell. */
const SHORT_CHARS = 12

export const Row = memo(
  function Row({ id, index, top, row, columns, starts, firstColumn, lastColumn, numbersPx, activeColumn }: RowProps) {
    return (
      <div role="row" aria-rowindex={index + 2} className="grid-row" style={{ top }}>
        <div role="rowheader" aria-colindex={1} className="grid-number" style={{ width: numbersPx }}>
          {row === null ? '' : count(row.number)}
        </div>
        {columns.slice(firstColumn, lastColumn + 1).map(({ type }, i) => {
          const column = firstColumn + i
          const start = starts[column] ?? 0
          const text = textOf(row?.cells[column])
          return (
            <div
              key={column}
              id={cellId(id, { row: index, column })}
              role="gridcell"
              aria-colindex={column + 2}
              className={`grid-cell${isFigure(type) ? ' grid-figure' : ''}`}
              data-active={activeColumn === column || undefined}
              title={text.length > SHORT_CHARS ? text : undefined}
              style={{ left: numbersPx + start, width: (starts[column + 1] ?? start) - start }}
            >
              <Shown row={row} value={row?.cells[column]} text={text} />
            </div>
          )
        })}
      </div>
    )
  },
  // A row is read anew at each drawing; what is in it stays the same.
  (a, b) =>
    (Object.keys(a) as (keyof RowProps)[]).every((name) => name === 'row' || a[name] === b[name]) &&
    a.row?.cells === b.row?.cells &&
    a.row?.number === b.row?.number,
)

function Shown({ row, value, text }: { row: GridRow | null; value: unknown; text: string }) {
  if (row === null) return <span className="grid-awaited" />
  if (value === null || value === undefined) {
    return (
      <span className="grid-nothing" role="img" aria-label="nothing">
        –
      </span>
    )
  }
  return text
}

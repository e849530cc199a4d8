// What is drawn of a grid: its head, and the rows and columns in view, each at its place.

import { isFigure } from './cell-text.ts'
import type { Place } from './grid-keys.ts'
import { Row } from './grid-row.tsx'
import { HEAD_PX, type Layout, ROW_PX } from './layout.ts'
import type { GridPage, GridRow } from './use-rows.ts'
import type { Shown } from './use-view.ts'

export interface GridBodyProps {
  /** Of the grid. */
  id: string
  layout: Layout
  columns: GridPage['columns']
  shown: Shown
  active: Place | null
  rowAt: (index: number) => GridRow | null
}

export function GridBody({ id, layout, columns, shown, active, rowAt }: GridBodyProps) {
  const { starts, numbersPx, scale, widthPx } = layout
  const [first, last] = shown.rows
  return (
    <div className="grid-whole" style={{ width: widthPx, height: HEAD_PX + scale.boxPx }}>
      <div role="rowgroup" className="grid-head" style={{ height: HEAD_PX }}>
        <Head layout={layout} columns={columns} shown={shown.columns} />
      </div>
      <div role="rowgroup">
        {Array.from({ length: last - first + 1 }, (_, i) => first + i).map((index) => (
          <Row
            key={index}
            id={id}
            index={index}
            top={HEAD_PX + index * ROW_PX + shown.shift}
            row={rowAt(index)}
            columns={columns}
            starts={starts}
            firstColumn={shown.columns[0]}
            lastColumn={shown.columns[1]}
            numbersPx={numbersPx}
            activeColumn={active?.row === index ? active.column : null}
          />
        ))}
      </div>
    </div>
  )
}

interface HeadProps {
  layout: Layout
  columns: GridPage['columns']
  shown: Shown['columns']
}

const Head = ({ layout: { starts, numbersPx }, columns, shown: [first, last] }: HeadProps) => (
  <div role="row" aria-rowindex={1} className="grid-row">
    <div role="columnheader" aria-colindex={1} className="grid-number" style={{ width: numbersPx }}>
      Row
    </div>
    {columns.slice(first, last + 1).map(({ name, type }, i) => {
      const column = first + i
      const start = starts[column] ?? 0
      return (
        <div
          key={column}
          role="columnheader"
          aria-colindex={column + 2}
          className={`grid-cell${isFigure(type) ? ' grid-figure' : ''}`}
          title={name}
          style={{ left: numbersPx + start, width: (starts[column + 1] ?? start) - start }}
        >
          {name} <span className="grid-type">{type.toLowerCase()}</span>
        </div>
      )
    })}
  </div>
)

// Where a key leads from a cell, as in any grid (ARIA Authoring Practices, "Grid").

export interface Place {
  row: number
  column: number
}

export interface Bounds {
  rows: number
  columns: number
  /** Rows in view. */
  page: number
}

/** Null: the key is none of the grid's. */
export function placeAfter(key: string, isCtrl: boolean, at: Place, { rows, columns, page }: Bounds): Place | null {
  const [lastRow, lastColumn] = [rows - 1, columns - 1]
  const { row, column } = at
  const to = (nextRow: number, nextColumn = column): Place => ({
    row: Math.max(0, Math.min(lastRow, nextRow)),
    column: Math.max(0, Math.min(lastColumn, nextColumn)),
  })
  switch (key) {
    case 'ArrowUp':
      return to(isCtrl ? 0 : row - 1)
    case 'ArrowDown':
      return to(isCtrl ? lastRow : row + 1)
    case 'ArrowLeft':
      return to(row, isCtrl ? 0 : column - 1)
    case 'ArrowRight':
      return to(row, isCtrl ? lastColumn : column + 1)
    case 'PageUp':
      return to(row - page)
    case 'PageDown':
      return to(row + page)
    case 'Home':
      return to(isCtrl ? 0 : row, 0)
    case 'End':
      return to(isCtrl ? lastRow : row, lastColumn)
    default:
      return null
  }
}

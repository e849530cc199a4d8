// A table on a terminal: numbers to the right, long cells cut, no wider than the screen.

import { styleText } from 'node:util'

const CELL_CHARS_MAX = 32
const GAP = '  '

export type Cell = string | number | boolean | null

export function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[], columns: number): string {
  // The last column, where there is most to say, is cut only at the screen's edge.
  const last = head.length - 1
  const texts = rows.map((row) => row.map((cell, i) => cut(textOf(cell), i === last ? columns : CELL_CHARS_MAX)))
  const widths = head.map((name, i) => Math.max(widthOf(name), ...texts.map((row) => widthOf(row[i] ?? ''))))
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0)
  const room = columns - before
  if (room >= CELL_CHARS_MAX && (widths[last] ?? 0) > room) {
    widths[last] = room
    for (const row of texts) row[last] = cut(row[last] ?? '', room)
  }
  const shown = fitting(widths, columns)
  const isRight = head.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number' || row[i] === null),
  )
  const line = (cells: readonly string[]) =>
    shown
      .map((i) => padded(cells[i] ?? '', widths[i] ?? 0, isRight[i] ?? false))
      .join(GAP)
      .trimEnd()
  const left = head.length - shown.length
  const more = left === 0 ? [] : [styleText('dim', `(and ${left} more ${left === 1 ? 'column' : 'columns'})`)]
  return [styleText('bold', line(head)), ...texts.map(line), ...more].join('\n')
}

/** Columns from the left that fit. At least one does. */
function fitting(widths: readonly number[], columns: number): number[] {
  const shown: number[] = []
  let used = 0
  for (const [i, width] of widths.entries()) {
    used += width + (i === 0 ? 0 : GAP.length)
    if (used > columns && i > 0) break
    shown.push(i)
  }
  return shown
}

/** Control characters would move the cursor of whoever looks at somebody else's data. */
function textOf(cell: Cell): string {
  return cell === null ? '·' : String(cell).replaceAll(/\p{Cc}+/gu, ' ')
}

/** East Asian wide characters and emoji take two columns of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu

const widthOf = (text: string): number => [...text].length + (text.match(WIDE)?.length ?? 0)

function padded(text: string, width: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(0, width - widthOf(text)))
  return right ? gap + text : text + gap
}

function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  for (const char of text) {
    if (widthOf(kept) + widthOf(char) > columns - 1) break
    kept += char
  }
  return `${kept}…`
}

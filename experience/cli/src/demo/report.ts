// What the demo shows of a product: its first rows, what was wrong with the data, and where every row went.

import type { MashResult } from '../intent/mash.ts'
import type { Output } from '../terminal/output.ts'
import { bold, careful, dim, good } from '../terminal/style.ts'
import { type Cell, tableOf } from '../terminal/table.ts'
import { count, durationOf, plural } from '../terminal/words.ts'

/** Of data_mash.query. */
export interface Rows {
  columns: { name: string; type: string }[]
  rows: Cell[][]
}

/** Of data_mash.product. */
export interface Quality {
  score: number
  contents: {
    name: string
    score: number
    rejected_rows_sample: { record: number; line: number; detail: string; raw: string }[]
    rejected_cells_sample: { row: number; column: string; raw: string; reason: string }[]
  }[]
}

export function reportRows(out: Output, product: MashResult, { columns, rows }: Rows): void {
  const facts = `${plural(product.rows, 'row')}, ${plural(product.columns.length, 'column')}`
  out.line(`\n${bold('The product')}  ${dim(`${product.name}: ${facts}; the first ${rows.length}`)}\n`)
  out.line(
    tableOf(
      columns.map(({ name }) => name),
      rows,
      out.columns,
    ),
  )
}

export function reportQuality(out: Output, { score, contents }: Quality): void {
  out.line(`\n${bold('Quality')}  ${dim(`score ${score} of 1`)}\n`)
  for (const content of contents) {
    const cells = content.rejected_cells_sample.map(({ row, column, raw, reason }) => [row, column, raw, words(reason)])
    const rows = content.rejected_rows_sample.map(({ record, raw, detail }) => [record, raw, detail])
    out.line(`${bold(content.name)} ${dim(`score ${content.score}`)}`)
    if (cells.length > 0) out.line(dim('Cells that do not fit their column; the row is kept, the cell is empty:'))
    if (cells.length > 0) out.line(tableOf(['row', 'column', 'value', 'why'], cells, out.columns))
    if (rows.length > 0) out.line(dim('Rows that cannot be split into cells; they are kept aside:'))
    if (rows.length > 0) out.line(tableOf(['record', 'as it came', 'why'], rows, out.columns))
    if (cells.length + rows.length === 0) out.line(dim('Every row and every cell fits.'))
    out.line()
  }
}

export function reportWarnings(out: Output, { warnings }: MashResult): void {
  if (warnings.length > 0) out.line(bold('Warnings'))
  for (const { code, message } of warnings) out.paragraph(`${careful('!')} `, `${words(code)}: ${message}`)
}

export function reportAccounting(out: Output, { accounting }: MashResult): void {
  const rows = accounting.contents.map((content): Cell[] => [
    content.name,
    content.role,
    content.rows.in,
    content.rows.rejected,
    content.used,
    content.duplicates_set_aside,
    content.not_referred_to,
  ])
  out.line(`\n${bold('Every row is accounted for')}\n`)
  out.line(tableOf(['file', 'role', 'rows in', 'rejected', 'used', 'set aside', 'not referred to'], rows, out.columns))
  const proof = accounting.reconciled ? good('✔ it adds up') : careful('! it does not add up')
  out.line(
    `${dim('rows in = rejected + used + set aside + not referred to;')} ${count(accounting.product_rows)} rows in the product  ${proof}`,
  )
}

export function reportTimes(out: Output, steps: ReadonlyMap<string, number>, total_ms: number): void {
  out.line(`\n${bold('Time of each phase')}\n`)
  for (const [name, ms] of steps) out.line(`  ${words(name).padEnd(26)} ${durationOf(ms).padStart(8)}`)
  out.line(`  ${'all of it, with both uploads'.padEnd(26)} ${durationOf(total_ms).padStart(6)}`)
}

const words = (name: string): string => name.replaceAll('_', ' ')

// content.preview: a page of a content's typed rows, of its rejected rows, or of its rejected cells.

import * as z from 'zod'

import { query } from '@biplane/realm'
import { ContentId, ident, openScratch, tables, type Content } from '@biplane/tables'

import { findContent } from './find-content.ts'

const LIMIT_DEFAULT = 50
const LIMIT_MAX = 1_000

const VIEWS = ['rows', 'text', 'rejected_rows', 'rejected_cells'] as const

const Preview = z.strictObject({
  content_id: ContentId,
  view: z.enum(VIEWS).default('rows').describe('Typed rows, the same as text, or what was rejected.'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
})

const Page = z.object({
  content_id: ContentId,
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** Each as long as `columns`. Numbers that JSON would round are text. */
  rows: z.array(z.array(z.unknown())),
  /** For each row, which record of the file it comes from. */
  row_numbers: z.array(z.int()),
  offset: z.int(),
  /** Rows of the whole view. */
  total: z.int(),
})

export const preview = query('content.preview', {
  title: 'Show rows',
  payload: Preview,
  result: Page,
  async run(ctx, { content_id, view, offset, limit }) {
    const content = await findContent(ctx, content_id)
    const { artifact, total, order } = viewOf(content, view)
    const path = await ctx.artifacts.path(artifact)
    await using scratch = await openScratch()
    const sql = `SELECT * FROM page ORDER BY ${order.map(ident).join(', ')} LIMIT ${limit} OFFSET ${offset}`
    const { columns, rows } = await tables().run(
      { kind: 'select', scratch: scratch.path, inputs: { page: path }, sql, rowsMax: limit, bytesMax: PAGE_BYTES_MAX },
      { signal: ctx.signal, question: true },
    )
    // The number of the record is the first column of every view.
    const row_numbers = rows.map(([number]) => Number(number))
    return { content_id, columns: columns.slice(1), rows: rows.map((row) => row.slice(1)), row_numbers, offset, total }
  },
})

const PAGE_BYTES_MAX = 4 * 1024 * 1024

function viewOf({ artifacts, rows, rejected_cells }: Content, view: (typeof VIEWS)[number]) {
  switch (view) {
    case 'rows':
      return { artifact: artifacts.typed, total: rows.landed, order: ['_row'] }
    case 'text':
      return { artifact: artifacts.landed, total: rows.landed, order: ['_row'] }
    case 'rejected_rows':
      return { artifact: artifacts.rejected_rows, total: rows.rejected, order: ['record'] }
    case 'rejected_cells':
      return { artifact: artifacts.rejected_cells, total: rejected_cells, order: ['row', 'column'] }
    default:
      return view satisfies never
  }
}

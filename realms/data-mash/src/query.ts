// data_mash.query: rows of a product, by a SELECT of the asker's or the first ones.

import * as z from 'zod'

import { query } from '@biplane/realm'
import { ident, openScratch, tables } from '@biplane/tables'

import { ProductId, findProduct } from './product.ts'

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 10_000
const SQL_CHARS_MAX = 20_000
const ANSWER_BYTES_MAX = 4 * 1024 * 1024

const Query = z.strictObject({
  product_id: ProductId,
  sql: z
    .string()
    .min(1)
    .max(SQL_CHARS_MAX)
    .optional()
    .describe('One SELECT over the view data, or over the contents by their names. Absent: the first rows of data.'),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
})

export const ask = query('data_mash.query', {
  title: 'Ask a data product',
  payload: Query,
  result: z.object({
    product_id: ProductId,
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    /** Each as long as `columns`. Numbers that JSON would round are text; dates are ISO 8601. */
    rows: z.array(z.array(z.unknown())),
    /** True if there was more than the limit, or than an answer may hold. */
    truncated: z.boolean(),
  }),
  async run(ctx, { product_id, sql, limit }) {
    const product = await findProduct(ctx, product_id)
    const inputs: Record<string, string> = { data: await ctx.artifacts.path(product.artifacts.product) }
    for (const { table, typed } of product.sources) inputs[table] = await ctx.artifacts.path(typed)
    await using scratch = await openScratch()
    const answer = await tables().run(
      {
        kind: 'select',
        scratch: scratch.path,
        inputs,
        sql: sql ?? `SELECT * EXCLUDE (${product.lineage.map(ident).join(', ')}) FROM data`,
        rowsMax: limit,
        bytesMax: ANSWER_BYTES_MAX,
      },
      { signal: ctx.signal, question: true },
    )
    return { product_id, ...answer }
  },
})

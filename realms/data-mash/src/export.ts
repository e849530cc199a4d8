// data_mash.export: a product as CSV, for programs that read nothing else. It is written when it is asked for, and a second time it is
// the same bytes under the same name, so it takes no more room.

import { createReadStream } from 'node:fs'

import * as z from 'zod'

import { ArtifactRef, intent, type StepContext } from '@biplane/realm'
import { ident, openScratch } from '@biplane/tables'

import { type Product, ProductId, findProduct } from './product.ts'
import { runSql } from './run-sql.ts'

const STEP_MS_MAX = 60 * 60_000
const CSV = 'product.csv'
const MEDIA_TYPE = 'text/csv; charset=utf-8; header=present'

export const exportCsv = intent('data_mash.export', {
  title: 'Write a data product as CSV',
  description: 'All rows, under a header, in UTF-8 with commas. An empty cell is nothing; an empty text is "".',
  payload: z.strictObject({ product_id: ProductId }),
  result: z.object({ product_id: ProductId, rows: z.int(), artifact: ArtifactRef }),
  async run(ctx, { product_id }) {
    const product = await findProduct(ctx, product_id)
    const artifact = await ctx.step('written', (step) => write(step, product), { timeoutMs: STEP_MS_MAX })
    return { product_id, rows: product.rows, artifact }
  },
})

async function write(step: StepContext, { name, artifacts, lineage }: Product): Promise<ArtifactRef> {
  await using scratch = await openScratch()
  const sql = `SELECT * EXCLUDE (${lineage.map(ident).join(', ')}) FROM product`
  await runSql(step, scratch, {
    sources: [],
    files: { product: await step.artifacts.path(artifacts.product) },
    says: 'Writing the rows',
    queries: [{ name: 'csv', sql, to: CSV }],
  })
  return await step.artifacts.put(createReadStream(scratch.file(CSV)), { name: `${name}.csv`, media_type: MEDIA_TYPE })
}

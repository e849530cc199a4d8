// data_mash.product: the contract and the quality report of a product.

import { readFile } from 'node:fs/promises'

import * as z from 'zod'

import { query, type ArtifactRef, type QueryContext } from '@biplane/realm'

import { Product, ProductId, findProduct } from './product.ts'
import { Quality } from './quality.ts'

export const describe = query('data_mash.product', {
  title: 'Show what a data product promises',
  payload: z.strictObject({ product_id: ProductId }),
  result: z.object({ product: Product, contract: z.record(z.string(), z.json()), quality: Quality }),
  async run(ctx, { product_id }) {
    const product = await findProduct(ctx, product_id)
    const { contract, quality } = product.artifacts
    return {
      product,
      contract: (await readJson(ctx, contract)) as Record<string, never>,
      quality: Quality.parse(await readJson(ctx, quality)),
    }
  },
})

const readJson = async (ctx: QueryContext, artifact: ArtifactRef): Promise<unknown> =>
  JSON.parse(await readFile(await ctx.artifacts.path(artifact), 'utf8'))

// data_mash.list: the data products of a tenant, newest first.

import * as z from 'zod'

import { query } from '@biplane/realm'
import { Find, Made, pageOf } from '@biplane/tables'

import { Product, isWithdrawn, productKey } from './product.ts'

const Item = Product.pick({ product_id: true, name: true, rows: true, columns: true, sources: true })

export const list = query('data_mash.list', {
  title: 'List the data products of a tenant, newest first',
  payload: Find,
  result: z.object({ products: z.array(Item.extend(Made.shape)), next: z.string().nullable() }),
  async run(ctx, find) {
    const read = (value: unknown) => (isWithdrawn(value) ? null : Item.parse(value))
    const { items, next } = await pageOf(ctx, productKey, find, read)
    return { products: items, next }
  },
})

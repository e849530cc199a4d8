// What the find box finds: tables and products by their names.

import type { Found, Search } from '../../../ui/shell/app.ts'
import type { ContentItem } from './content.ts'
import type { ProductItem } from './product.ts'

const FOUND_MAX = 8

export async function findData({ text, client }: Search): Promise<Found[]> {
  const payload = { find: text, limit: FOUND_MAX }
  const [{ contents }, { products }] = await Promise.all([
    client.query<{ contents: ContentItem[] }>({ type: 'content.list', payload }),
    client.query<{ products: ProductItem[] }>({ type: 'data_mash.list', payload }),
  ])
  return [
    ...contents.map(({ content_id, name }) => ({ to: `/tables/${content_id}`, label: name, kind: 'Table' })),
    ...products.map(({ product_id, name }) => ({ to: `/products/${product_id}`, label: name, kind: 'Product' })),
  ]
}

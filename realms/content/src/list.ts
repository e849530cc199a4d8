// content.list: the contents of a tenant, newest first.

import * as z from 'zod'

import { query } from '@biplane/realm'
import { Content, Find, Made, contentKey, pageOf } from '@biplane/tables'

const Item = Content.pick({ content_id: true, name: true, format: true, rows: true, rejected_cells: true })

export const list = query('content.list', {
  title: 'List the tables of a tenant, newest first',
  payload: Find,
  result: z.object({ contents: z.array(Item.extend(Made.shape)), next: z.string().nullable() }),
  async run(ctx, find) {
    const { items, next } = await pageOf(ctx, contentKey, find, (value) => Item.parse(value))
    return { contents: items, next }
  },
})

// content.list: the contents of a tenant.

import * as z from 'zod'

import { query } from '@biplane/realm'
import { Content, contentKey } from '@biplane/tables'

const LIMIT_MAX = 200
const LIMIT_DEFAULT = 50

const Item = Content.pick({ content_id: true, name: true, format: true, rows: true, rejected_cells: true })

export const list = query('content.list', {
  title: 'List the tables of a tenant',
  payload: z.strictObject({ limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT) }),
  result: z.object({ contents: z.array(Item) }),
  async run(ctx, { limit }) {
    const found = await ctx.state.tenant.list<unknown>(contentKey(''), limit)
    return { contents: found.map(({ value }) => Item.parse(value)) }
  },
})

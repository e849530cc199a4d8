// A realm for tests of who may do what: one intent that waits for an approval, one that ends at once, one query.

import { defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

export const tickets = defineRealm({
  name: 'tickets',
  version: '1',
  capabilities: [
    intent('tickets.open', {
      payload: z.strictObject({ assignee: z.string().optional() }),
      result: z.unknown(),
      async run(ctx, { assignee }) {
        const { by = null } = await ctx.approval('close', assignee === undefined ? {} : { assignee })
        return { by }
      },
    }),
    intent('tickets.note', {
      payload: z.unknown(),
      result: z.unknown(),
      run: (ctx) => ctx.step('note', () => 'noted'),
    }),
    query('tickets.count', { payload: z.unknown(), result: z.number(), run: async () => 7 }),
  ],
})

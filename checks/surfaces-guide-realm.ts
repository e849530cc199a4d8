// What the chat of docs/surfaces.md is tried with: something that changes, something to ask, and something to wait for.

import { defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

const KEY = 'desk/list'
const Titled = z.strictObject({ title: z.string().min(1) })

/** @public to the runtime */
export default defineRealm({
  name: 'desk',
  version: '1',
  capabilities: [
    intent('desk.add', {
      payload: Titled,
      result: z.object({ count: z.int() }),
      async run(ctx, { title }) {
        const known = await ctx.state.tenant.get<string[]>(KEY)
        const list = [...(known?.value ?? []), title]
        await ctx.state.tenant.compareAndSet(KEY, known?.revision ?? 0, list)
        return { count: list.length }
      },
    }),
    query('desk.list', {
      payload: z.strictObject({}),
      result: z.array(z.string()),
      async run(ctx) {
        return (await ctx.state.tenant.get<string[]>(KEY))?.value ?? []
      },
    }),
    intent('desk.ask', {
      payload: Titled,
      result: z.object({ because: z.string() }),
      async run(ctx, { title }) {
        const { reason } = await ctx.approval('release', { title })
        return { because: reason ?? '' }
      },
    }),
  ],
})

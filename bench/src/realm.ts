// What is measured: handlers that do nothing, so that the time is the platform's own.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

const Count = z.strictObject({ n: z.int() })

export default defineRealm({
  name: 'bench',
  version: '1',
  capabilities: [
    intent('bench.three', {
      payload: z.strictObject({ n: z.number() }),
      result: z.number(),
      run: async (ctx, { n }) => {
        const a = await ctx.step('a', () => n + 1)
        const b = await ctx.step('b', () => a + 1)
        return ctx.step('c', () => b + 1)
      },
    }),
    /** Two entries for each of `n`, one commit after the other. */
    intent('bench.talk', {
      payload: Count,
      result: z.int(),
      run: async (ctx, { n }) => {
        for (let i = 0; i < n; i++) ctx.emit('bench.said', { i: await ctx.step('think', () => i) })
        return n
      },
    }),
    /** Lives, and says nothing. */
    intent('bench.listen', { payload: Count, result: z.null(), run: async (ctx) => (await ctx.waitFor('end'), null) }),
    /** `n` entries at once. */
    intent('bench.tell', {
      payload: Count,
      result: z.int(),
      run: async (ctx, { n }) => {
        for (let i = 0; i < n; i++) ctx.emit('bench.told', { i, text: 'an event of about the usual size, all told' })
        return n
      },
    }),
  ],
})

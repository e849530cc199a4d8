// What is measured: an execution of three steps that do nothing, so that the time is the platform's own.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

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
  ],
})

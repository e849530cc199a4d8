// What is followed: small talk, and a loud voice that fills the buffers of whoever does not listen.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

const LOUD_CHARS = 32 * 1024

export default defineRealm({
  name: 'soak',
  version: '1',
  capabilities: [
    intent('soak.talk', {
      payload: z.strictObject({ n: z.int() }),
      result: z.int(),
      async run(ctx, { n }) {
        const half = await ctx.step('half', () => n / 2)
        ctx.emit('soak.said', { n, half })
        return n
      },
    }),
    intent('soak.shout', {
      payload: z.strictObject({ n: z.int() }),
      result: z.int(),
      async run(ctx, { n }) {
        ctx.emit('soak.shouted', { n, loud: '!'.repeat(LOUD_CHARS) })
        return n
      },
    }),
  ],
})

// A step that takes the process with it, and a small one that does nothing to anybody.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

/** `hoard` is what the greedy step does. */
export const hoardOf = (version: string, hoard: () => string | Promise<string>) =>
  defineRealm({
    name: 'hoard',
    version,
    capabilities: [
      intent('hoard.all', {
        payload: z.null(),
        result: z.string(),
        run: (ctx) => ctx.step('hoard', hoard),
      }),
      intent('hoard.nothing', {
        payload: z.null(),
        result: z.literal('done'),
        async run(ctx) {
          await ctx.waitFor('go')
          return ctx.step('nothing', () => 'done' as const)
        },
      }),
    ],
  })

// Says how far it is at each number it counts.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

/** Numbers that are counted before the loop of the process turns, so that others are served meanwhile. */
const AT_A_TIME = 10_000

export const count = () =>
  defineRealm({
    name: 'count',
    version: '1',
    capabilities: [
      intent('count.up', {
        payload: z.strictObject({ to: z.int() }),
        result: z.int(),
        async run(ctx, { to }) {
          const counted = await ctx.step('count', async ({ progress }) => {
            for (let done = 1; done <= to; done++) {
              progress({ done, total: to })
              if (done % AT_A_TIME === 0) await new Promise((resolve) => setImmediate(resolve))
            }
            return to
          })
          await ctx.waitFor('seen')
          return counted
        },
      }),
    ],
  })

// Waits for a signal and for a time, and remembers which came first.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

export const race = () =>
  defineRealm({
    name: 'race',
    version: '1',
    capabilities: [
      intent('race.run', {
        payload: z.strictObject({ until_ms: z.int() }),
        result: z.enum(['signal', 'timer']),
        async run(ctx, { until_ms }) {
          const signal = ctx.waitFor('now').then(() => 'signal' as const)
          const timer = ctx.sleepUntil(until_ms).then(() => 'timer' as const)
          const first = await Promise.race([signal, timer])
          await ctx.waitFor('end')
          return first
        },
      }),
    ],
  })

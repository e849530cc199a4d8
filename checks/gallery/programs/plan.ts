// A plan in two versions that replay each other's log in no way.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

const planOf = (version: '1' | '2', first: string) =>
  defineRealm({
    name: 'plan',
    version,
    capabilities: [
      intent('plan.do', {
        payload: z.null(),
        result: z.tuple([z.string(), z.unknown()]).readonly(),
        async run(ctx) {
          await ctx.step(first, () => null)
          const { payload } = await ctx.waitFor('go')
          const finished = await ctx.step('finish', () => `by version ${version}`)
          return [finished, payload] as const
        },
      }),
    ],
  })

export const firstPlan = planOf('1', 'think')
export const secondPlan = planOf('2', 'think twice')

// A refund that a person must approve within a time, and that is paid out afterwards.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import type { World } from '../world.ts'

export const refund = (world: World) =>
  defineRealm({
    name: 'refund',
    version: '1',
    capabilities: [
      intent('refund.pay', {
        payload: z.strictObject({ within_ms: z.int() }),
        result: z.strictObject({ reason: z.string().optional() }),
        undoable: true,
        async run(ctx, { within_ms }) {
          await ctx.step('reserve', () => world.did('reserved'), { undo: () => world.did('released') })
          await ctx.step('prepare', ({ signal }) => world.pass('preparing', signal))
          const { reason } = await ctx.approval('refund', { assignee: 'finance', within: within_ms })
          await ctx.step('pay', async ({ signal }) => {
            await world.pass('paying', signal)
            world.did('paid')
          })
          return reason === undefined ? {} : { reason }
        },
      }),
    ],
  })

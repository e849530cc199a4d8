// A warehouse packs fifty orders, four at a time: by the limit of what is called, or by four workers in the handler.

import { type Context, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import type { World } from '../world.ts'

export const AT_ONCE = 4

export function warehouse(world: World) {
  const order = z.strictObject({ order: z.int() })
  const orders = z.strictObject({ orders: z.int() })
  const run = (ctx: Context, { order: packed }: z.output<typeof order>) =>
    ctx.step('pack', async ({ signal }) => {
      await world.pass('packing', signal)
      return packed
    })
  const pack = intent('warehouse.pack', { payload: order, result: z.int(), limit: { concurrency: AT_ONCE }, run })
  const packNow = intent('warehouse.pack_now', { payload: order, result: z.int(), run })

  return defineRealm({
    name: 'warehouse',
    version: '1',
    capabilities: [
      pack,
      packNow,
      intent('warehouse.pack_all', {
        payload: orders,
        result: z.array(z.int()),
        run: (ctx, { orders: count }) => Promise.all(upTo(count).map((each) => ctx.call(pack, { order: each }))),
      }),
      intent('warehouse.pack_by_hand', {
        payload: orders,
        result: z.array(z.int()),
        async run(ctx, { orders: count }) {
          const packed: number[] = []
          const left = upTo(count)
          const work = async () => {
            for (let each = left.shift(); each !== undefined; each = left.shift()) {
              packed.push(await ctx.call(packNow, { order: each }))
            }
          }
          await Promise.all(Array.from({ length: AT_ONCE }, work))
          return packed
        },
      }),
    ],
  })
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

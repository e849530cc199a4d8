// For tests of the kit: a shop that pays, asks a person, waits a month and ships, and takes the payment back if it cannot.

import { defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

const MONTH = '30d'

/** What the world outside has seen: charges by their key. A charge with a key it knows changes nothing. */
export class Bank {
  readonly charged = new Map<string, number>()
  readonly refunded = new Set<string>()
}

const Order = z.object({ item: z.string(), price: z.number() })

export const shopOf = (bank: () => Bank, { idempotent = true } = {}) =>
  defineRealm({
    name: 'shop',
    version: '1',
    capabilities: [
      intent('shop.order', {
        payload: Order,
        result: z.object({ receipt: z.string() }),
        undoable: true,
        async run(ctx, { item, price }) {
          const receipt = await ctx.step(
            'charge',
            ({ key }) => {
              const { charged } = bank()
              charged.set(key, price + (idempotent ? 0 : (charged.get(key) ?? 0)))
              return `paid ${price}`
            },
            { undo: ({ key }) => bank().refunded.add(key) },
          )
          await ctx.approval('ship', { assignee: 'warehouse', within: '2d' })
          await ctx.sleep(MONTH)
          await ctx.step('ship', () => `shipped ${item}`)
          ctx.emit('shop.shipped', { item })
          ctx.state.set(`shipped/${item}`, true)
          return { receipt }
        },
      }),
      intent('shop.gift', {
        payload: z.array(Order),
        result: z.array(z.unknown()),
        run: (ctx, orders) =>
          Promise.all(orders.map((order, key) => ctx.call('shop.order', order, { key: String(key) }))),
      }),
      query('shop.charged', {
        payload: z.object({}),
        result: z.int(),
        run: async () => bank().charged.size,
      }),
    ],
  })

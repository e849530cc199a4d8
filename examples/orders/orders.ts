// An order from the shelf to the e-mail. Whatever ends it early, what was done before is taken back, last first.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import * as outside from './outside.ts'

const ASK_ABOVE_EUROS = 500

const place = intent('orders.place', {
  title: 'Place an order',
  payload: z.object({ sku: z.string(), euros: z.int().positive(), card: z.string(), hold_ms: z.int().positive() }),
  result: z.object({ receipt: z.string() }),
  undoable: true,
  timeout: '7d',
  async run(ctx, { sku, euros, card, hold_ms }) {
    await ctx.step('reserve', ({ key }) => outside.reserve(key), { undo: ({ key }) => outside.release(key) })
    await ctx.step('charge', ({ key }) => outside.charge(key, card), {
      timeoutMs: 10_000,
      undo: ({ key }) => outside.refund(key),
    })
    if (euros > ASK_ABOVE_EUROS) {
      await ctx.approval('large', { assignee: 'sales', title: `${euros} euros for ${sku}`, within: hold_ms })
    }
    await ctx.step('mail', ({ key }) => outside.mail(key))
    ctx.emit('orders.placed', { sku, euros })
    return { receipt: ctx.uuid() }
  },
})

export default defineRealm({ name: 'orders', version: '1', capabilities: [place] })

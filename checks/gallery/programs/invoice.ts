// An invoice as it was written first, as somebody changed it, and mended: what was there stands as it stood, and what is new comes
// after it.

import { type Context, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import type { World } from '../world.ts'

type Does = (what: string) => Promise<void>

const invoiceOf = (world: World, version: string, send: (does: Does, ctx: Context) => Promise<unknown>) =>
  defineRealm({
    name: 'invoice',
    version,
    capabilities: [
      intent('invoice.send', {
        payload: z.null(),
        result: z.literal('sent'),
        async run(ctx) {
          await send(async (what) => ctx.step(what, () => world.did(what)), ctx)
          return 'sent' as const
        },
      }),
    ],
  })

export const invoice = (world: World) =>
  invoiceOf(world, '1', async (does, ctx) => {
    await does('fetch')
    await does('render')
    await ctx.waitFor('signed')
    await does('send')
  })

export const changedInvoice = (world: World) =>
  invoiceOf(world, '2', async (does, ctx) => {
    await does('fetch')
    await does('check')
    await does('render')
    await ctx.waitFor('signed')
    await does('send')
  })

export const mendedInvoice = (world: World) =>
  invoiceOf(world, '3', async (does, ctx) => {
    await does('fetch')
    await does('render')
    await ctx.waitFor('signed')
    await does('check')
    await does('send')
  })

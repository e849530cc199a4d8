// A journey that is booked in three steps; an event says of each what it cost.

import { type Context, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import type { World } from '../world.ts'

const BOOKED = ['flight', 'hotel', 'car']

export const trip = (world: World) => {
  const book = async (ctx: Context, what: string) => {
    const booked = await ctx.step(what, async ({ signal }) => {
      await world.pass(what, signal)
      world.did(what)
      return `${what} ${world.count(what)}`
    })
    ctx.emit('trip.booked', { booked })
    return booked
  }
  return defineRealm({
    name: 'trip',
    version: '1',
    capabilities: [
      intent('trip.book', {
        payload: z.null(),
        result: z.array(z.string()),
        async run(ctx) {
          const booked = [ctx.uuid()]
          for (const what of BOOKED) booked.push(await book(ctx, what))
          return booked
        },
      }),
    ],
  })
}

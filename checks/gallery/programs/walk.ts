// An execution of very many steps, and one of more entries than an execution may have.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import type { World } from '../world.ts'

const NOTES_PER_STEP = 1_000

export const walk = (world: World) =>
  defineRealm({
    name: 'walk',
    version: '1',
    capabilities: [
      intent('walk.steps', {
        payload: z.strictObject({ steps: z.int() }),
        result: z.int(),
        async run(ctx, { steps }) {
          let sum = 0
          for (let step = 1; step <= steps; step++) {
            sum += await ctx.step('walk', async ({ signal }) => {
              if (step === steps / 2) await world.pass('halfway', signal)
              world.did('step')
              return step
            })
          }
          await ctx.waitFor('arrived')
          return sum
        },
      }),
      intent('walk.for_ever', {
        payload: z.null(),
        result: z.null(),
        undoable: true,
        async run(ctx) {
          await ctx.step('leave home', () => null, { undo: () => world.did('is home again') })
          for (let round = 1; ; round++) {
            for (let note = 0; note < NOTES_PER_STEP; note++) ctx.emit('walk.saw', { note })
            await ctx.step('rest', async ({ signal }) => (round === 50 ? world.pass('resting', signal) : undefined))
          }
        },
      }),
    ],
  })

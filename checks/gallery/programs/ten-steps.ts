// A saga of ten steps that fails at the one it is asked to fail at.

import { TerminalError, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import type { World } from '../world.ts'

export const STEPS = 10

export const tenSteps = (world: World) =>
  defineRealm({
    name: 'ten',
    version: '1',
    capabilities: [
      intent('ten.steps', {
        payload: z.strictObject({ saga: z.string(), fails_at: z.int() }),
        result: z.null(),
        undoable: true,
        async run(ctx, { saga, fails_at }) {
          for (let step = 1; step <= STEPS; step++) {
            const body = async ({ signal }: { signal: AbortSignal }) => {
              if (step !== fails_at) return step
              await world.pass('brink', signal)
              throw new TerminalError('ten.failed', `Step ${step} failed.`)
            }
            const undo = ({ outcome }: { outcome: string }) => {
              if (world.broken.has(`${saga} ${step}`)) throw new Error('It is locked.')
              world.did(`${saga} undoes ${step} ${outcome}`)
            }
            await ctx.step(`step ${step}`, body, { undo })
          }
          return null
        },
      }),
    ],
  })

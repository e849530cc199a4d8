// A realm that puts what it is given wherever a realm can put something: results, state of the session and of the tenant, events,
// streams, artifacts, errors. What one tenant gives must come out in none of them for another.

import { TerminalError, defineRealm, intent, query } from '@biplane/realm'
import { ArtifactRef } from '@biplane/protocol'
import * as z from 'zod'

const KEPT = 'kept'

export default defineRealm({
  name: 'vault',
  version: '1',
  capabilities: [
    intent('vault.keep', {
      payload: z.strictObject({ secret: z.string(), file: ArtifactRef.optional() }),
      result: z.strictObject({ secret: z.string() }),
      async run(ctx, { secret }) {
        const kept = await ctx.step('keep', async ({ stream }) => {
          await stream('said').write({ secret })
          return secret
        })
        ctx.state.set(KEPT, { secret: kept })
        const before = await ctx.state.tenant.get(KEPT)
        await ctx.state.tenant.compareAndSet(KEPT, before?.revision ?? 0, { secret: kept })
        ctx.emit('vault.kept', { secret: kept })
        return { secret: kept }
      },
    }),
    intent('vault.hold', {
      payload: z.strictObject({ secret: z.string() }),
      result: z.strictObject({ secret: z.string() }),
      async run(ctx, { secret }) {
        await ctx.approval('open', { title: secret })
        return { secret }
      },
    }),
    intent('vault.break', {
      payload: z.strictObject({ secret: z.string() }),
      result: z.null(),
      run(ctx, { secret }) {
        throw new TerminalError('vault.broken', `It broke on ${secret}.`)
      },
    }),
    query('vault.look', {
      payload: z.strictObject({}),
      result: z.unknown(),
      run: async ({ state }) => state.tenant.get(KEPT),
    }),
  ],
})

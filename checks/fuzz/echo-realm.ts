// A realm that puts whatever it is given into every place of the log and the state, so that what can be sent can also be read back.

import { ArtifactRef } from '@biplane/protocol'
import { TerminalError, defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

export default defineRealm({
  name: 'echo',
  version: '1',
  capabilities: [
    intent('echo.anything', {
      payload: z.unknown(),
      result: z.unknown(),
      async run(ctx, payload) {
        const said: unknown = await ctx.step('say', async ({ stream }) => {
          await stream('said').write(payload ?? null)
          return payload ?? null
        })
        ctx.emit('echo.said', { said })
        return said
      },
    }),
    intent('echo.state', {
      payload: z.strictObject({ key: z.string(), value: z.unknown(), ofTenant: z.boolean().optional() }),
      result: z.null(),
      async run(ctx, { key, value, ofTenant }) {
        if (ofTenant === true) {
          const before = await ctx.state.tenant.get(key)
          await ctx.state.tenant.compareAndSet(key, before?.revision ?? 0, value ?? null)
        } else ctx.state.set(key, value ?? null)
        return null
      },
    }),
    intent('echo.shapes', {
      payload: z.object({
        text: z.string().min(1).max(40),
        count: z.int().min(0).max(9),
        ratio: z.number().optional(),
        kind: z.enum(['one', 'two']),
        at: z.iso.datetime().optional(),
        list: z.array(z.union([z.string(), z.number(), z.null()])).max(20),
        pair: z.tuple([z.string(), z.boolean()]).optional(),
        map: z.record(z.string(), z.unknown()).optional(),
        file: ArtifactRef.optional(),
      }),
      result: z.unknown(),
      undoable: true,
      async run(ctx, payload) {
        await ctx.step('do', () => payload, { undo: () => null })
        if (payload.kind === 'two') throw new TerminalError('echo.asked_to', payload.text)
        return payload
      },
    }),
    intent('echo.ask', {
      payload: z.strictObject({ title: z.string().max(100) }),
      result: z.unknown(),
      async run(ctx, { title }) {
        await ctx.approval('go', { title })
        return (await ctx.waitFor('word')).payload ?? null
      },
    }),
    query('echo.back', { payload: z.unknown(), result: z.unknown(), run: async (_, payload) => payload ?? null }),
    query('echo.flat', {
      payload: z.strictObject({ word: z.string().optional(), times: z.coerce.number().optional() }),
      result: z.unknown(),
      run: async (_, payload) => payload,
    }),
  ],
})

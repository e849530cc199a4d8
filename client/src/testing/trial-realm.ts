// A realm for tests of surfaces, as its author would write it in a file: something of each kind that a surface can meet.

export const TRIAL_REALM = `
import { appendFileSync } from 'node:fs'
import { artifact, defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

export default defineRealm({
  name: 'trial_bench',
  version: '1',
  capabilities: [
    intent('trial_bench.count', {
      title: 'Counts, one step and one event at a time',
      payload: z.strictObject({ to: z.int().min(1).max(500) }),
      result: z.object({ counted: z.int() }),
      async run(ctx, { to }) {
        for (let n = 1; n <= to; n++) {
          await ctx.step('count', () => n, { key: String(n) })
          ctx.emit('trial_bench.counted', { n })
        }
        return { counted: to }
      },
    }),
    intent('trial_bench.keep', {
      payload: z.strictObject({
        file: artifact(),
        label: z.string().optional(),
        copies: z.int().positive().optional(),
        tags: z.array(z.string()).optional(),
      }),
      result: z.object({ name: z.string().nullable(), size: z.int(), label: z.string().nullable(), copies: z.int().nullable(), tags: z.array(z.string()) }),
      async run(ctx, { file, label, copies, tags }) {
        const { size } = await ctx.step('look', (step) => step.artifacts.stat(file))
        return { name: file.name ?? null, size, label: label ?? null, copies: copies ?? null, tags: tags ?? [] }
      },
    }),
    intent('trial_bench.sleep', {
      payload: z.strictObject({ ms: z.int().nonnegative() }),
      result: z.null(),
      async run(ctx, { ms }) {
        await ctx.sleep(ms)
        return null
      },
    }),
    intent('trial_bench.ask', {
      payload: z.strictObject({}),
      result: z.object({ reason: z.string().nullable() }),
      async run(ctx) {
        await ctx.step('prepare', () => null)
        const { reason } = await ctx.approval('go', { title: 'Shall it go on?' })
        return { reason: reason ?? null }
      },
    }),
    query('trial_bench.echo', {
      payload: z.strictObject({
        text: z.string(),
        number: z.number().optional(),
        flag: z.boolean().optional(),
        tags: z.array(z.string()).optional(),
        size: z.enum(['small', 'large']).nullable().optional(),
      }),
      result: z.unknown(),
      run: async (_ctx, payload) => payload,
    }),
    query('trial_bench.nested', {
      payload: z.strictObject({ where: z.object({ x: z.number() }) }),
      result: z.unknown(),
      run: async (_ctx, payload) => payload,
    }),
    query('trial_bench.linger', {
      payload: z.strictObject({ note: z.string() }),
      result: z.null(),
      timeoutMs: 30_000,
      run: (ctx, { note }) =>
        new Promise((_resolve, reject) => {
          appendFileSync(note, 'asked')
          ctx.signal.addEventListener('abort', () => {
            appendFileSync(note, ' left')
            reject(new Error('left'))
          })
        }),
    }),
  ],
})
`

// A realm for tests of this surface: something of each kind that its tools can meet.

export const BENCH_REALM = `
import { TerminalError, artifact, defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

const none = z.strictObject({})
export default defineRealm({
  name: 'bench',
  version: '1',
  capabilities: [
    intent('bench.count', {
      title: 'Counts',
      description: 'Counts, one step at a time.',
      payload: z.strictObject({ to: z.int().min(1).max(500) }),
      result: z.object({ counted: z.int() }),
      async run(ctx, { to }) {
        for (let n = 1; n <= to; n++) await ctx.step('count', () => n, { key: String(n) })
        return { counted: to }
      },
    }),
    intent('bench.keep_file', {
      title: 'Keeps a file',
      payload: z.strictObject({ file: artifact().describe('Whatever it is.'), label: z.string().optional() }),
      result: z.object({ kept: z.looseObject({ artifact_id: z.string() }), label: z.string().nullable() }),
      async run(ctx, { file, label }) {
        await ctx.step('look', (step) => step.artifacts.stat(file))
        return { kept: file, label: label ?? null }
      },
    }),
    intent('bench.sleep', {
      payload: z.strictObject({ ms: z.int().nonnegative() }),
      result: z.null(),
      async run(ctx, { ms }) {
        await ctx.sleep(ms)
        return null
      },
    }),
    intent('bench.ask', {
      payload: none,
      result: z.object({ reason: z.string().nullable() }),
      async run(ctx) {
        const { reason } = await ctx.approval('go', { title: 'Shall it go on?' })
        return { reason: reason ?? null }
      },
    }),
    intent('bench.listen', {
      payload: none,
      result: z.object({ heard: z.string() }),
      async run(ctx) {
        const { payload } = await ctx.waitFor('word', { payload: z.object({ said: z.string() }) })
        return { heard: payload.said }
      },
    }),
    intent('bench.fail', {
      payload: none,
      result: z.null(),
      async run(ctx) {
        await ctx.step('take', () => 1, { undo: () => undefined })
        throw new TerminalError('bench.empty', 'There is nothing left to take.')
      },
    }),
    intent('bench.choose', {
      payload: z.union([z.strictObject({ name: z.string() }), z.strictObject({ number: z.int() })]),
      result: z.string(),
      run: async (_ctx, chosen) => ('name' in chosen ? chosen.name : String(chosen.number)),
    }),
    query('bench.echo', { title: 'Echoes', payload: z.strictObject({ text: z.string() }), result: z.object({ text: z.string() }), run: async (_ctx, payload) => payload }),
    query('bench.letters', { payload: z.strictObject({ text: z.string() }), result: z.array(z.string()), run: async (_ctx, { text }) => text.split('') }),
  ],
})
`

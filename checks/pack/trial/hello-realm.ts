import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'
const greet = intent('hello.greet', {
  payload: z.object({ name: z.string() }),
  result: z.string(),
  async run(ctx, { name }) {
    const greeting = await ctx.step('compose', () => `Hello ${name}, from process ${process.pid}`)
    await ctx.sleep('2s')
    return greeting
  },
})
export default defineRealm({ name: 'hello', version: '1', capabilities: [greet] })

// The tools that the conformance suite asks of every server and that a realm can have: they take the whole way, through our tools,
// a runtime and its log.

export const REFERENCE_REALM = `
import { TerminalError, defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

const payload = z.strictObject({})
export default defineRealm({
  name: 'test',
  version: '1',
  capabilities: [
    query('test.simple_text', { payload, result: z.string(), run: async () => 'This is a simple text response for testing.' }),
    intent('test.error_handling', {
      payload,
      result: z.null(),
      async run() {
        throw new TerminalError('test.intended', 'This tool intentionally returns an error for testing')
      },
    }),
    intent('test.tool_with_progress', {
      payload,
      result: z.null(),
      async run(ctx) {
        for (const name of ['first', 'second', 'third']) await ctx.step(name, () => null)
        return null
      },
    }),
  ],
})
`

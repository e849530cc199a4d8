// A saga that leaves a trace outside of the log: each run of a step and of an undo writes a line to a file. What the log says and
// what the world saw can then be compared after any number of crashes.

import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { TerminalError, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

const TRACE = process.env['CRASH_TRACE'] ?? ''
const STEPS = ['a', 'b', 'c', 'd', 'e', 'f']
const STEP_MS_MAX = 40

const trace = (...words: string[]) => appendFileSync(TRACE, `${words.join(' ')}\n`)

export default defineRealm({
  name: 'crash',
  version: '1',
  capabilities: [
    intent('crash.saga', {
      payload: z.strictObject({ fails: z.boolean() }),
      result: z.record(z.string(), z.string()),
      undoable: true,
      async run(ctx, { fails }) {
        const runs: Record<string, string> = {}
        for (const name of STEPS) {
          runs[name] = await ctx.step(
            name,
            async ({ key }) => {
              const run = crypto.randomUUID()
              trace('run', key, name, run)
              await sleep(Math.random() * STEP_MS_MAX)
              return run
            },
            { undo: ({ key }) => trace('undo', key, name) },
          )
          ctx.emit('crash.did', { name, random: ctx.random() })
        }
        if (fails) throw new TerminalError('crash.asked_to', 'It was asked to fail.')
        return runs
      },
    }),
  ],
})

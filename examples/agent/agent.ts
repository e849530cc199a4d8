// An agent: the model thinks, a tool acts, and so on until there is an answer. A thought that was finished is never thought again.

import { ApprovalRefused, TerminalError, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { think, tools } from './outside.ts'

const TURNS_MAX = 8

const ask = intent('agent.ask', {
  payload: z.object({ question: z.string() }),
  result: z.string(),
  async run(ctx, { question }) {
    const messages = [question]
    while (messages.length <= TURNS_MAX) {
      const { said, tool } = await ctx.step('think', async (step) => {
        let said = ''
        for await (const { word, tool } of think(messages, step.signal)) {
          if (word === undefined) return { said, tool }
          await step.stream('words').write(word)
          said += word
        }
        return { said }
      })
      if (tool === undefined) return said
      // A person is asked before money moves. A refusal is not the end: the model is told, and goes on from there.
      const asked = tool === 'pay_back' ? ctx.approval(tool, { title: 'Pay it back', within: '1d' }) : Promise.resolve()
    }
    throw new TerminalError('agent.no_answer', `There was no answer in ${TURNS_MAX} turns.`)
  },
})

export default defineRealm({ name: 'agent', version: '1', capabilities: [ask] })

// An agent: the model thinks, a tool acts, and so on until there is an answer. A thought that was finished is never thought again.

import { ApprovalRefused, type Context, TerminalError, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { think, tools } from './outside.ts'

const MESSAGES_MAX = 16

const ask = intent('agent.ask', {
  payload: z.object({ question: z.string() }),
  result: z.string(),
  async run(ctx, { question }) {
    const messages = [question]
    while (messages.length < MESSAGES_MAX) {
      const { said, tool } = await ctx.step('think', (step) => think(messages, step))
      if (tool === undefined) return said
      messages.push(await act(ctx, tool))
    }
    throw new TerminalError('agent.no_answer', `There was no answer within ${MESSAGES_MAX} messages.`)
  },
})

/** A person is asked before money moves. A refusal does not end it: the model is told, and goes on from there. */
async function act(ctx: Context, tool: keyof typeof tools): Promise<string> {
  try {
    if (tool === 'pay_back') await ctx.approval('pay_back', { assignee: 'support', title: 'Pay it back' })
  } catch (error) {
    if (error instanceof ApprovalRefused) return error.message
    throw error
  }
  return ctx.step(tool, ({ key }) => tools[tool](key))
}

export default defineRealm({ name: 'agent', version: '1', capabilities: [ask] })

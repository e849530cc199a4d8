// An agent: the model thinks, a tool acts, and so on until there is an answer. A crash loses no thought that was finished.

import { ApprovalRefused, type Context, TerminalError, WaitExpired, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { type Message, type Use, think } from './model.ts'
import { tools } from './tools.ts'

const TURNS_MAX = 8

const ask = intent('agent.ask', {
  title: 'Ask the agent',
  payload: z.object({ question: z.string() }),
  result: z.object({ answer: z.string() }),
  async run(ctx, { question }) {
    const messages: Message[] = [{ from: 'user', text: question }]
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const { words, use } = await ctx.step('think', async (step) => {
        const [words, stream]: [string[], StepStream] = [[], step.stream('words')]
        let use: Use | null = null
        for await (const token of think(messages, step.signal)) {
          if (typeof token === 'string') await stream.write(words[words.push(token) - 1])
          else use = token
        }
        return { words, use }
      })
      if (use === null) return { answer: words.join('') }
      messages.push({ from: use.tool, text: await act(ctx, use) })
    }
    throw new TerminalError('agent.no_answer', `There was no answer in ${TURNS_MAX} turns.`)
  },
})

/** A person is asked before money moves. A refusal does not end it: the model is told, and answers without. */
async function act(ctx: Context, { tool, order }: Use): Promise<string> {
  try {
    if (tool === 'pay_back') await ctx.approval(tool, { title: `Pay back order ${order}`, within: '1d' })
    return await ctx.step(tool, ({ key }) => tools[tool](order, key))
  } catch (error) {
    if (error instanceof ApprovalRefused || error instanceof WaitExpired) return error.message
    throw error
  }
}

export default defineRealm({ name: 'agent', version: '1', capabilities: [ask] })

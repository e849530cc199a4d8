// The model. This one is a script, the same every time, spoken word by word. A real one is called right here: send it the messages
// and what the tools are for, and yield what its stream brings. Its answers may differ each time; only what a step returned counts.

import { setTimeout as pause } from 'node:timers/promises'

export interface Message {
  from: 'user' | 'look_up' | 'pay_back'
  text: string
}
export type Use = { tool: 'look_up' | 'pay_back'; order: string }

const WORD_MS = 60

export async function* think(messages: readonly Message[], signal: AbortSignal): AsyncGenerator<string | Use> {
  const order = /\d+/.exec(messages[0]?.text ?? '')?.[0] ?? 'unknown'
  const { from, text = '' } = messages.at(-1) ?? {}
  const say = {
    user: `Let me look up order ${order}.`,
    look_up: `Order ${order} is ${text}, so I would like to pay it back.`,
    pay_back: `I am sorry about order ${order}. This is what I was told when I tried to pay it back: ${text} Is there more that I can do for you today?`,
  }[from ?? 'user']
  for (const word of say.match(/\S+\s*/g) ?? []) {
    await pause(WORD_MS, undefined, { signal })
    yield word
  }
  if (from !== 'pay_back') yield { tool: from === 'user' ? 'look_up' : 'pay_back', order }
}

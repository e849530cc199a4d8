// The outside world. The model is a script that says the same each time; a real one is called right here, with the messages and the
// signal, and what its stream brings is written on. The tools stand for the systems of a shop.

import { setTimeout as pause } from 'node:timers/promises'

import type { StepContext } from '@biplane/realm'

const WORD_MS = 60

/** Speaks word by word, and answers with all that was said and the tool that is to be used, if one is. */
export async function think([question, ...told]: readonly string[], { stream, signal }: StepContext) {
  const script = [
    `You ask: ${question} Let me look it up.`,
    `It is ${told[0]}. I would like to pay it back.`,
    `Your order is ${told[0]}, and I am sorry about that. I wanted to pay it back to you: ${told[1]} Goodbye!`,
  ]
  const said = script[told.length] ?? ''
  for (const word of said.split(/(?<= )/)) {
    await pause(WORD_MS, undefined, { signal })
    await stream('words').write(word)
  }
  return { said, tool: (['look_up', 'pay_back'] as const)[told.length] }
}

export const tools = {
  look_up: (_key: string) => 'lost in the post',
  /** The key goes along: whoever is asked again with it pays no second time. */
  pay_back: (key: string) => `It was paid back as ${key}.`,
}

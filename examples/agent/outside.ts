// The outside world. The model is a script that says the same each time, word by word; a real one is called right here, with the
// messages, and its stream passed on. The tools stand for the systems of a shop.

import { setTimeout as pause } from 'node:timers/promises'

const WORD_MS = 60

/** Yields what the model says, and at the end the tool that it wants used, if it wants one. */
export async function* think([question, found, paid]: readonly string[], signal: AbortSignal) {
  const [text, tool] =
    found === undefined
      ? [`You ask: ${question} Let me look it up.`, 'look_up' as const]
      : paid === undefined
        ? [`It is ${found}. I would like to pay it back.`, 'pay_back' as const]
        : [`Your order is ${found}, and I am sorry about that. I wanted to pay it back to you: ${paid} Goodbye!`]
  for (const word of text.split(/(?<= )/)) {
    await pause(WORD_MS, undefined, { signal })
    yield { word }
  }
  if (tool !== undefined) yield { tool }
}

export const tools = {
  look_up: (_key: string) => 'lost in the post',
  /** The key goes along: who is asked again with it pays no second time. */
  pay_back: (key: string) => `It was paid back as ${key}.`,
}

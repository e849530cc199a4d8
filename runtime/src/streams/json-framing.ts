import type { Framing } from './stream.ts'

const text = (messages: readonly string[]): string => `[${messages.join(',')}]`

/** Messages are JSON texts; many of them are an array. */
export const JSON_FRAMING: Framing<string> = {
  contentType: 'application/json',
  body: (messages) => Buffer.from(text(messages)),
  text,
}

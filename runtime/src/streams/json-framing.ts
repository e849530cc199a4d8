import type { Framing } from './stream.ts'

const asArray = (messages: readonly string[]): string => `[${messages.join(',')}]`

/** Messages are JSON texts; many of them are an array. */
export const JSON_FRAMING: Framing<string> = { contentType: 'application/json', body: asArray, text: asArray }

// A realm's values as the log keeps them.

import { hasCleanText } from '@biplane/protocol'

import { TerminalError } from './error.ts'

/** JSON text of an event, a state value or a result of an intent. */
export const VALUE_BYTES_MAX = 256 * 1024
/** Of a key of state. Whatever its characters are, it fits into an address. */
const STATE_KEY_CHARS_MAX = 400

/**
 * JSON text of a value; null for undefined. `what` names it in errors, whose codes begin with `code`.
 * @throws TerminalError `.not_json`, `.too_large`, `.text_invalid`: trying again gives the same
 */
export function jsonOf(value: unknown, what: string, code = 'value', limit = VALUE_BYTES_MAX): string {
  const text = serialize(value, what, code)
  if (text.length > limit) {
    const size = `${Math.ceil(text.length / 1024)} KiB, over ${limit / 1024} KiB`
    throw new TerminalError(`${code}.too_large`, `${what} has ${size}. Put it into an artifact and pass its reference.`)
  }
  // Only an escape can hide what no store keeps unchanged.
  if (text.includes('\\u') && !hasCleanText(JSON.parse(text))) {
    throw new TerminalError(`${code}.text_invalid`, `${what} holds \\u0000 or an unpaired surrogate.`)
  }
  return text
}

/**
 * JSON text of what stands under a key of state.
 * @throws TerminalError, as `jsonOf` does, and `state.key_invalid` for a key that no address could name
 */
export function stateText(key: string, value: unknown): string {
  const namesParts = key.split('/').every((part) => !['', '.', '..'].includes(part))
  if (!namesParts || key.length > STATE_KEY_CHARS_MAX || !hasCleanText(key)) {
    throw new TerminalError(
      'state.key_invalid',
      `A key of state has 1 to ${STATE_KEY_CHARS_MAX} characters. Between its slashes stands something, and that is neither . nor ..`,
    )
  }
  return jsonOf(value, `The value of state ${key}`)
}

function serialize(value: unknown, what: string, code: string): string {
  try {
    const text = JSON.stringify(value ?? null) as string | undefined
    if (text !== undefined) return text
  } catch (cause) {
    throw new TerminalError(`${code}.not_json`, `${what} is not JSON: ${(cause as Error).message}`, { cause })
  }
  throw new TerminalError(`${code}.not_json`, `${what} is a ${typeof value}, not JSON.`)
}

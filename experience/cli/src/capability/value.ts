// What is typed for a field, as the value that it stands for. What it cannot be is told at once; the runtime decides the rest.

import { InvalidArgumentError } from 'commander'

import { parseJson } from '../intent/payload.ts'
import type { Field } from './fields.ts'

/** @throws InvalidArgumentError */
export function valueOf(field: Field, text: string): unknown {
  const { takes, words } = field
  switch (takes) {
    case 'file':
      return text
    case 'text':
      if (words === null || words.includes(text)) return text
      throw new InvalidArgumentError(`It must be one of: ${words.join(', ')}.`)
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true'
      throw new InvalidArgumentError('It must be true or false.')
    case 'integer':
    case 'number':
      return numberOf(text, takes === 'integer')
    case 'json':
      return parseJson(text)
    case 'any':
      return jsonOrText(text)
    default:
      return takes satisfies never
  }
}

function numberOf(text: string, isWhole: boolean): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  if (isWhole && !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Then it is text.
    return text
  }
}

/** What stands for the value in a usage line. */
export function placeholderOf({ takes, isList }: Field): string {
  const name = takes === 'any' ? 'value' : takes
  return isList && takes === 'file' ? `${name}s` : name
}

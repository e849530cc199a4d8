// The payload of an intent or a query, as it is typed.

import { InvalidArgumentError } from 'commander'

/** @throws InvalidArgumentError */
export function parsePayload(text: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${(error as Error).message}. In a shell, put it in single quotes.`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new InvalidArgumentError('It must be an object: \'{"name": "Ada"}\'.')
}

/** One `field=path` more. @throws InvalidArgumentError */
export function addFile(text: string, files: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at > 0) return { ...files, [text.slice(0, at)]: text.slice(at + 1) }
  throw new InvalidArgumentError('It must be the name of a field and a path: file=orders.csv.')
}

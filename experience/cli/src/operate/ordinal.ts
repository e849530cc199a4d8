import { InvalidArgumentError } from 'commander'

/** The place of a call among those of its execution, as `biplane show` numbers them. @throws InvalidArgumentError */
export function parseOrdinal(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be the number of a call, as biplane show lists them.')
}

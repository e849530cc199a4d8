import { hoardOf } from './programs/hoard.ts'

const MORE = 100_000

/** Holds on to all that it makes, until there is no more memory. */
function hoard(): never {
  const all: unknown[] = []
  for (;;) all.push(Array.from({ length: MORE }, (_, each) => ({ each })))
}

export default hoardOf('1', hoard)

// A sign-in that has been begun: the browser is at the provider, and brings this back with the provider's answer. Both must fit, so
// nobody can have somebody else's browser signed in as themselves.

import { ProblemError } from '@biplane/protocol'
import * as z from 'zod'

/** How long a person may take at the provider. */
export const BEGUN_LIFE_S = 10 * 60
const RETURN_CHARS_MAX = 1_000

export const Begun = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), return_to: z.string() })
export type Begun = z.infer<typeof Begun>

/** A path of this gateway, where the browser goes in the end. @throws ProblemError query_invalid for anything else */
export function returnTo(asked: string = '/'): string {
  const anywhere = 'http://return.invalid'
  // What a browser makes of it decides: `//evil.example` and `/\evil.example` are other sites.
  const url = URL.parse(asked, anywhere)
  const isLocal = asked.startsWith('/') && url?.origin === anywhere && asked.length <= RETURN_CHARS_MAX
  if (isLocal) return url.pathname + url.search + url.hash
  throw new ProblemError('query_invalid', 'return_to must be a path of this gateway, such as /studio.')
}

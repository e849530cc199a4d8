// For tests of the engine: a realm of one intent, and what its steps wait at.

import { type Context, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

type Handler = (ctx: Context, payload: Record<string, unknown>) => Promise<unknown>

/** A realm of one intent, `test.do`. */
export const realmOf = (run: Handler) =>
  defineRealm({
    name: 'test',
    version: '1',
    capabilities: [
      intent('test.do', { payload: z.record(z.string(), z.unknown()), result: z.unknown(), undoable: true, run }),
    ],
  })

/** A gate that a step waits at until the test opens it. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { passed: promise, open: resolve, reached: 0 }
}

export const heedful = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

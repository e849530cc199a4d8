// For tests of the engine: a realm of one intent, and what its steps wait at.

import { type Context, type Duration, type Limit, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

type Payload = Record<string, unknown>
type Handler = (ctx: Context, payload: Payload) => Promise<unknown>

/** A realm of one intent, `test.do`. */
export const realmOf = (run: Handler, version = '1') => realmWith({ do: run }, { version })

/** A realm of several intents, by the last part of their types. */
export const realmWith = (
  handlers: Record<string, Handler>,
  { version = '1', timeout }: { version?: string; timeout?: Duration } = {},
) =>
  defineRealm({
    name: 'test',
    version,
    capabilities: Object.entries(handlers).map(([name, run]) =>
      intent(`test.${name}`, {
        payload: z.record(z.string(), z.unknown()),
        result: z.unknown(),
        undoable: true,
        ...(timeout === undefined ? {} : { timeout }),
        run,
      }),
    ),
  })

/** A realm of `test.do`, which has a limit, and `test.all`, which calls it `count` times at once. */
export const limitedRealm = (limit: Limit<Payload>, run: Handler, timeout?: Duration) =>
  defineRealm({
    name: 'test',
    version: '1',
    capabilities: [
      intent('test.do', {
        payload: z.record(z.string(), z.unknown()),
        result: z.unknown(),
        undoable: true,
        limit,
        ...(timeout === undefined ? {} : { timeout }),
        run,
      }),
      intent('test.all', {
        payload: z.record(z.string(), z.unknown()),
        result: z.unknown(),
        run: (ctx, { count }) =>
          Promise.all(Array.from({ length: Number(count) }, (_, n) => ctx.call('test.do', { n }))),
      }),
    ],
  })

/** A gate that a step waits at until the test opens it. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { passed: promise, open: resolve, reached: 0 }
}

export const heedful = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

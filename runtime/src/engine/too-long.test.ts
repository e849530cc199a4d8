// An execution that asks for more than it may is told so at the call that is too much, and is undone.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Context } from '@biplane/realm'

import { TestRuntime } from '../test-runtime.ts'
import { CHUNK_CHARS_MAX, ENTRIES_MAX } from './limits.ts'
import { realmOf } from './test-realm.ts'

const TOO_LONG = 'execution.too_long'
/** So few that what follows is too much soon. */
const NEARLY = ENTRIES_MAX - 20

const fill = (ctx: Context): void => {
  for (let n = 0; n < NEARLY; n++) ctx.emit('test.said', n)
}

async function fateOf(handler: (ctx: Context) => Promise<unknown>) {
  let undone = 0
  const realm = realmOf(async (ctx) => {
    await ctx.step('reserve', () => 1, { undo: () => undone++ })
    return handler(ctx)
  })
  await using runtime = await TestRuntime.start([realm])
  const { status, compensated, error, steps } = await runtime.run(await runtime.session(), 'test.do')
  return { fate: [status, compensated, error?.code, undone], error, steps }
}

test('a handler that makes more calls than an execution may have entries fails at the one that is too many', async () => {
  let made = 0
  const { fate, error } = await fateOf(async (ctx) => {
    for (; made < 2 * ENTRIES_MAX; made++) ctx.emit('test.said', made)
    return 'done'
  })
  assert.deepEqual(fate, ['failed', true, TOO_LONG, 1])
  assert.match(error?.message ?? '', /A handler may make 100000 calls of its context/)
  assert.equal(made, ENTRIES_MAX - 1)
})

test('a handler that leaves more behind in a turn than one commit may hold fails at the call that is too much', async () => {
  const { fate, error } = await fateOf(async (ctx) => {
    const large = 'x'.repeat(200_000)
    for (let n = 0; n < 100; n++) ctx.state.set(`page/${n}`, large)
  })
  assert.deepEqual(fate, ['failed', true, 'turn.too_large', 1])
  assert.match(error?.message ?? '', /With "page\/83" the handler leaves more than 16 MiB .* Await one in between/)
})

test('a step that is tried again and again, or speaks without end, ends when its execution has as many entries as it may', async () => {
  const retried = await fateOf(async (ctx) => {
    fill(ctx)
    const fails = () => Promise.reject(new Error('It is down.'))
    return ctx.step('call', fails, { retry: { times: Infinity, backoff: 0 } })
  })
  assert.deepEqual(retried.fate, ['failed', true, TOO_LONG, 1])
  assert.ok((retried.steps.at(-1)?.attempts ?? Infinity) < 30)

  const spoken = await fateOf(async (ctx) => {
    fill(ctx)
    return ctx.step('speak', async (step) => {
      const words = step.stream('words')
      for (;;) await words.write('x'.repeat(CHUNK_CHARS_MAX - 2))
    })
  })
  assert.deepEqual(spoken.fate, ['failed', true, TOO_LONG, 1])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Event } from '@biplane/protocol'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, realmOf } from './test-realm.ts'

type Chunk = Extract<Event, { kind: 'stream' }>

const chunks = (events: readonly Event[]): Chunk[] => events.filter((event) => event.kind === 'stream')

/** What a reader has at the end: a chunk replaces whatever was at its place and behind it. */
function joined(events: readonly Event[]): unknown[] {
  const all: unknown[] = []
  for (const { data } of chunks(events)) all.splice(data.index, Infinity, ...data.chunks)
  return all
}

test('what a step streams can be read while it runs, and is in the log before its result', async () => {
  const opened = gate()
  const realm = realmOf(async (ctx) =>
    ctx.step('answer', async (step) => {
      const stream = step.stream('tokens')
      for (const word of ['The ', 'sky ', 'is ']) await stream.write(word)
      await opened.passed
      await stream.write('blue.')
      return 'The sky is blue.'
    }),
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  await waitFor(async () => joined(await runtime.events(session)).length === 3 || null, 'the first words')
  opened.open()
  await runtime.until(execution)
  const events = await runtime.events(session)
  assert.equal(joined(events).join(''), 'The sky is blue.')
  const types = events.map(({ type }) => type)
  assert.ok(types.lastIndexOf('stream.chunk') < types.indexOf('step.completed'))
  assert.equal(chunks(events)[0]?.data.stream, 'tokens')
})

test('another attempt begins the stream anew, and a reader who joined in between ends with the whole answer', async () => {
  let failures = 1
  const realm = realmOf(async (ctx) =>
    ctx.step('answer', async (step) => {
      for (const word of ['one', 'two', 'three']) {
        await step.stream('words').write(word)
        if (word === 'two' && failures-- > 0) throw new Error('cut off')
      }
    }),
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  await runtime.run(session, 'test.do')
  const events = await runtime.events(session)
  assert.deepEqual(
    chunks(events).map(({ data }) => [data.attempt, data.index, data.chunks]),
    [
      [1, 0, ['one', 'two']],
      [2, 0, ['one', 'two', 'three']],
    ],
  )
  assert.deepEqual(joined(events), ['one', 'two', 'three'])
})

test('a handler streams between its steps, each chunk once through a restart', async () => {
  const realm = realmOf(async (ctx) => {
    const stream = ctx.stream('log')
    stream.write({ line: 1 })
    await ctx.waitFor('go')
    stream.write({ line: 2 })
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  await runtime.until(execution, (status) => status === 'waiting')
  await runtime.restart()
  await runtime.operate(execution, 'signal', { name: 'go' })
  await runtime.until(execution)
  const events = await runtime.events(session)
  assert.deepEqual(
    chunks(events).map(({ data }) => [data.index, data.chunks]),
    [
      [0, [{ line: 1 }]],
      [1, [{ line: 2 }]],
    ],
  )
})

test('a chunk that is too large fails its step, and writing after the end is refused', async () => {
  const late = Promise.withResolvers<unknown>()
  const realm = realmOf(async (ctx) => {
    const large = await ctx.step('large', (step) => step.stream('s').write('x'.repeat(20_000))).catch((e: unknown) => e)
    await ctx.step('ends', (step) => {
      const stream = step.stream('s')
      setImmediate(() => late.resolve(stream.write('late').catch((error: unknown) => error)))
      return null
    })
    return (large as { code: string }).code
  })
  await using runtime = await TestRuntime.start([realm])
  const { result } = await runtime.run(await runtime.session(), 'test.do')
  assert.equal(result, 'chunk.too_large')
  assert.match(String(await late.promise), /has ended with its step/)
})

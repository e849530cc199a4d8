import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Context, type Limit, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, heedful } from './test-realm.ts'

type Payload = Record<string, unknown>

const limited = (limit: Limit<Payload>, run: (ctx: Context, payload: Payload) => Promise<unknown>, timeout?: number) =>
  defineRealm({
    name: 'test',
    version: '1',
    capabilities: [
      intent('test.do', {
        payload: z.record(z.string(), z.unknown()),
        result: z.unknown(),
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

/** Counts who is at work at the same time. */
function counted() {
  const now = { at: 0, most: 0, order: [] as unknown[] }
  const work = async (ctx: Context, { n }: Payload) =>
    ctx.step('work', async () => {
      now.order.push(n)
      now.most = Math.max(now.most, ++now.at)
      await new Promise((resolve) => setImmediate(resolve))
      now.at--
      return n
    })
  return { now, work }
}

test('50 children of a capability that allows four at once are four at once, and all of them end', async () => {
  const { now, work } = counted()
  await using runtime = await TestRuntime.start([limited({ concurrency: 4 }, work)])
  const { result } = await runtime.run(await runtime.session(), 'test.all', { count: 50 })
  assert.deepEqual(
    result,
    Array.from({ length: 50 }, (_, n) => n),
  )
  assert.equal(now.most, 4)
})

test('who waits for a slot is accepted and says so, goes on after a restart, and can be cancelled before it began', async () => {
  const opened = gate()
  const begun: unknown[] = []
  const realm = limited({ concurrency: 1 }, async (ctx, { n }) =>
    ctx.step('work', async (step) => {
      begun.push(n)
      await Promise.race([opened.passed, heedful(step.signal)])
    }),
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const ids: string[] = []
  for (const n of [0, 1, 2]) ids.push(await runtime.begin(session, 'test.do', { n }))
  const [first = '', second = '', third = ''] = ids
  const { status, waits_for } = await runtime.execution(second)
  assert.deepEqual([status, waits_for], ['accepted', 'a free slot: 1 of 1 are in use'])
  await runtime.restart()
  assert.equal((await runtime.execution(third)).status, 'accepted')
  const cancelled = await runtime.operate(second, 'cancel', { reason: 'not needed' })
  assert.equal(cancelled.body.status, 'cancelled')
  opened.open()
  assert.equal((await runtime.until(third)).status, 'completed')
  assert.equal((await runtime.until(first)).status, 'completed')
  assert.ok(!begun.includes(1))
})

test('an execution gives its slot back while it waits, and has it again before new work has', async () => {
  const order: string[] = []
  const realm = limited({ concurrency: 1 }, async (ctx, { n }) => {
    await ctx.step('before', () => order.push(`${String(n)} before`))
    if (n === 'a') await ctx.waitFor('go')
    await ctx.step('after', () => order.push(`${String(n)} after`))
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const a = await runtime.begin(session, 'test.do', { n: 'a' })
  await runtime.until(a, (status) => status === 'waiting')
  await runtime.run(session, 'test.do', { n: 'b' })
  await runtime.operate(a, 'signal', { name: 'go' })
  await runtime.until(a)
  assert.deepEqual(order, ['a before', 'b before', 'b after', 'a after'])
})

test('in a serial lane intents run in the order they were accepted, each to its end, through a restart', async () => {
  const order: unknown[] = []
  const realm = limited({ serial: true, key: ({ payload }) => String(payload['account']) }, async (ctx, { n }) => {
    order.push(n)
    if (n === 0) await ctx.waitFor('go')
    await ctx.step('work', () => n)
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const ids: string[] = []
  for (const n of [0, 1, 2, 3]) ids.push(await runtime.begin(session, 'test.do', { account: 'x', n }))
  await runtime.until(ids[0] ?? '', (status) => status === 'waiting')
  const other = await runtime.run(session, 'test.do', { account: 'y', n: 'other' })
  assert.equal(other.status, 'completed')
  await runtime.restart()
  assert.equal((await runtime.execution(ids[1] ?? '')).status, 'accepted')
  await runtime.operate(ids[0] ?? '', 'signal', { name: 'go' })
  for (const id of ids) assert.equal((await runtime.until(id)).status, 'completed')
  assert.deepEqual([...new Set(order)], [0, 'other', 1, 2, 3])
})

test('the higher priority goes first, and tenants have their turns', async () => {
  const opened = gate()
  const order: unknown[] = []
  const realm = limited({ concurrency: 1, priority: ({ payload }) => Number(payload['p'] ?? 0) }, async (ctx, { n }) =>
    ctx.step('work', async () => {
      order.push(n)
      await opened.passed
    }),
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const ids = [await runtime.begin(session, 'test.do', { n: 'first' })]
  for (const [n, p] of [
    ['a', 0],
    ['b', 0],
    ['urgent', 5],
  ])
    ids.push(await runtime.begin(session, 'test.do', { n, p }))
  const foreign = await runtime.session('globex')
  const envelope = { tenant_id: 'globex', session_id: foreign, payload: { n: 'globex' } }
  await runtime.submit(foreign, 'test.do', {}, envelope)
  opened.open()
  for (const id of ids) await runtime.until(id)
  await waitFor(() => order.length === 5 || null, 'all of them')
  assert.deepEqual(order, ['first', 'urgent', 'globex', 'a', 'b'])
})

test('one whose time is up before its turn came fails, and nothing of it runs', async () => {
  const opened = gate()
  const begun: unknown[] = []
  const realm = limited(
    { concurrency: 1 },
    async (ctx, { n }) =>
      ctx.step('work', async () => {
        begun.push(n)
        await opened.passed
      }),
    200,
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const first = await runtime.begin(session, 'test.do', { n: 0 })
  const late = await runtime.run(session, 'test.do', { n: 1 })
  opened.open()
  await runtime.until(first)
  assert.deepEqual([late.status, late.error?.code, begun], ['failed', 'execution.timed_out', [0]])
})

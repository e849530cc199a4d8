import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Context } from '@biplane/realm'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, heedful, limitedRealm } from './test-realm.ts'

type Payload = Record<string, unknown>

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
  await using runtime = await TestRuntime.start([limitedRealm({ concurrency: 4 }, work)])
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
  const realm = limitedRealm({ concurrency: 1 }, async (ctx, { n }) =>
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
  const realm = limitedRealm({ concurrency: 1 }, async (ctx, { n }) => {
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
  const realm = limitedRealm({ serial: true, key: ({ payload }) => String(payload['account']) }, async (ctx, { n }) => {
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
  const realm = limitedRealm(
    { concurrency: 1, priority: ({ payload }) => Number(payload['p'] ?? 0) },
    async (ctx, { n }) =>
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
  const realm = limitedRealm(
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

test('in a serial lane the order is that of acceptance, whatever is urgent and whoever asks, through a restart', async () => {
  const order: unknown[] = []
  const opened = gate()
  const limit = { serial: true, priority: ({ payload }: { payload: Payload }) => Number(payload['n']) }
  const realm = limitedRealm(limit, (ctx, { n }) =>
    ctx.step('work', async (step) => {
      await Promise.race([opened.passed, heedful(step.signal)])
      order.push(n)
    }),
  )
  await using runtime = await TestRuntime.start([realm])
  const sessions = [await runtime.session(), await runtime.session('globex')] as const
  const tenants = ['acme', 'globex'] as const
  const ids: [string, string][] = []
  for (const n of Array.from({ length: 12 }, (_, i) => i)) {
    const tenant = tenants[n % 3 === 0 ? 0 : 1]
    const session = sessions[tenants.indexOf(tenant)] as string
    const { body } = await runtime.submit(session, 'test.do', { n }, { tenant_id: tenant })
    ids.push([body.execution_id, tenant])
  }
  await runtime.restart()
  opened.open()
  for (const [id, tenant] of ids) {
    await waitFor(async () => ((await runtime.execution(id, tenant)).status === 'completed' ? true : null), id)
  }
  assert.deepEqual(
    order,
    Array.from({ length: 12 }, (_, n) => n),
  )
})

test('a fork waits for its slot as everyone does', async () => {
  const opened = gate()
  const realm = limitedRealm({ concurrency: 1 }, async (ctx, { wait }) => {
    const first = await ctx.step('first', () => 1)
    return ctx.step('second', async (step) => {
      if (wait) await Promise.race([opened.passed, heedful(step.signal)])
      return first
    })
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const ended = await runtime.run(session, 'test.do', {})
  const busy = await runtime.begin(session, 'test.do', { wait: true })
  const forked = await runtime.operate(ended.execution_id, 'fork', { through: 0 })
  assert.equal((await runtime.execution(forked.body.execution_id)).status, 'accepted')
  opened.open()
  await runtime.until(busy)
  assert.equal((await runtime.until(forked.body.execution_id)).result, 1)
})

test('after a restart no more are at work than may be, though more had begun', async () => {
  const { now, work } = counted()
  const opened = gate()
  const realm = limitedRealm({ concurrency: 2 }, async (ctx, payload) => {
    await ctx.waitFor('go')
    await ctx.step('hold', async (step) => Promise.race([opened.passed, heedful(step.signal)]))
    return work(ctx, payload)
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const ids: string[] = []
  // Each gives its slot back while it waits, so that all of them begin; then all of them want it again.
  for (const n of [0, 1, 2, 3, 4]) {
    const id = await runtime.begin(session, 'test.do', { n })
    await runtime.until(id, (status) => status === 'waiting')
    ids.push(id)
  }
  for (const id of ids) await runtime.operate(id, 'signal', { name: 'go' })
  opened.open()
  await runtime.restart()
  for (const id of ids) assert.equal((await runtime.until(id)).status, 'completed')
  assert.ok(now.most <= 2, `${now.most} at once`)
})

test('what is cancelled or whose time is up does not wait for a slot, and what is paused does nothing more', async () => {
  const opened = gate()
  const bodies: unknown[] = []
  const realm = limitedRealm(
    { concurrency: 1 },
    async (ctx, { n }) => {
      if (n !== 'busy') {
        await ctx.step('reserve', () => n, { undo: () => bodies.push(`${String(n)} undone`) })
        await ctx.waitFor('go')
      }
      await ctx.step('work', async (step) => {
        bodies.push(n)
        await Promise.race([opened.passed, heedful(step.signal)])
      })
    },
    '1500ms',
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const ids: Record<string, string> = {}
  for (const n of ['late', 'cancelled', 'paused']) {
    ids[n] = await runtime.begin(session, 'test.do', { n })
    await runtime.until(ids[n], (status) => status === 'waiting')
  }
  const busy = await runtime.begin(session, 'test.do', { n: 'busy' })
  await waitFor(() => bodies.includes('busy') || null, 'the one at work')
  // They have what they waited for, and wait for the slot.
  for (const id of Object.values(ids)) await runtime.operate(id, 'signal', { name: 'go' })
  assert.equal((await runtime.operate(ids['paused'] ?? '', 'pause')).body.status, 'paused')
  await runtime.operate(ids['cancelled'] ?? '', 'cancel')
  assert.equal((await runtime.until(ids['cancelled'] ?? '')).compensated, true)
  const late = await runtime.until(ids['late'] ?? '')
  assert.deepEqual([late.status, late.error?.code, late.compensated], ['failed', 'execution.timed_out', true])
  opened.open()
  await runtime.until(busy)
  assert.deepEqual(bodies, ['busy', 'cancelled undone', 'late undone'])
})

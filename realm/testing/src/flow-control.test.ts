// Flow control as the author of a realm tests it: in virtual time, and with a process that dies at every commit.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Event } from '@biplane/protocol'
import { type CapabilityDefinition, type Context, type Limit, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { crashEverywhere, virtualRuntime } from './realm-testing.ts'

const MINUTE_MS = 60_000
const Job = z.object({ n: z.number(), account: z.string().default('x'), urgent: z.number().default(0) })
type Job = z.output<typeof Job>

const jobs = (limit: Limit<Job>, run: (ctx: Context, job: Job) => Promise<unknown> = async (_, { n }) => n) =>
  defineRealm({
    name: 'job',
    version: '1',
    capabilities: [intent('job.do', { payload: Job, result: z.unknown(), limit, run })],
  })

const beginnings = (events: readonly Event[]): number[] =>
  events.filter(({ type }) => type === 'execution.started').map(({ time }) => Date.parse(time))

/** The most that began within any `per_ms`. */
const mostWithin = (times: readonly number[], per_ms: number): number =>
  Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + per_ms).length))

test('a hundred at once begin ten in each hour, in order, and as early as that allows', async () => {
  await using runtime = await virtualRuntime([jobs({ rate: { times: 10, per: '1h' } })])
  const began = runtime.now()
  const runs = []
  for (let n = 0; n < 100; n++) runs.push(await runtime.submit('job.do', { n }))
  assert.match((await runs[99]?.view())?.waits_for ?? '', /^its turn, about 2026-01-01T09:00:00.\d{3}Z: 10 may begin/)
  const ends = await Promise.all(runs.map((run) => run.result()))
  assert.deepEqual(
    ends,
    runs.map((_, n) => n),
  )
  const times = beginnings(await runtime.events())
  assert.equal(mostWithin(times, 60 * MINUTE_MS), 10)
  assert.ok(runtime.now() - began < 9 * 60 * MINUTE_MS + 1_000)
})

test('a rate goes with concurrency, priority and turns of tenants', async () => {
  const order: string[] = []
  const limit: Limit<Job> = {
    rate: { times: 2, per: '10m' },
    concurrency: 1,
    priority: ({ payload }) => payload.urgent,
  }
  await using runtime = await virtualRuntime([
    jobs(limit, async (ctx, { n }) => {
      order.push(`${ctx.tenantId} ${n}`)
      await ctx.step('work', () => n)
    }),
  ])
  const runs = []
  for (const n of [0, 1, 2, 3]) runs.push(await runtime.submit('job.do', { n }, { tenant: 'acme' }))
  runs.push(await runtime.submit('job.do', { n: 4, urgent: 1 }, { tenant: 'acme' }))
  for (const n of [5, 6]) runs.push(await runtime.submit('job.do', { n }, { tenant: 'globex' }))
  for (const run of runs) await run.result()
  assert.deepEqual(order, ['acme 0', 'acme 4', 'globex 5', 'acme 1', 'globex 6', 'acme 2', 'acme 3'])
  const times = [...(await runtime.events({ tenant: 'acme' })), ...(await runtime.events({ tenant: 'globex' }))]
  assert.equal(mostWithin(beginnings(times), 10 * MINUTE_MS), 2)
})

test('one key waits for no other', async () => {
  await using runtime = await virtualRuntime([
    jobs({ key: ({ payload }) => payload.account, rate: { times: 1, per: '1d' } }),
  ])
  const began = runtime.now()
  for (const account of ['a', 'b', 'c']) await (await runtime.submit('job.do', { n: 1, account })).result()
  assert.ok(runtime.now() - began < 1_000)
  const second = await runtime.submit('job.do', { n: 2, account: 'a' })
  await second.result()
  assert.ok(runtime.now() - began >= 24 * 60 * MINUTE_MS)
})

test('wherever the process dies, no more begin than may, each runs once, and they keep their order', async () => {
  await crashEverywhere(
    [jobs({ rate: { times: 1, per: '5m' } }, (ctx, { n }) => ctx.step('work', () => n))],
    async (runtime) => {
      const runs = []
      for (let n = 0; n < 4; n++) runs.push(await runtime.submit('job.do', { n }))
      for (const [n, run] of runs.entries()) assert.equal(await run.result(), n)
      const events = await runtime.events()
      const times = beginnings(events)
      assert.equal(times.length, 4)
      assert.ok(times.every((time, i) => i === 0 || time - (times[i - 1] ?? 0) >= 5 * MINUTE_MS))
      const begun = events.filter(({ type }) => type === 'execution.started').map(({ subject }) => subject)
      assert.deepEqual(
        begun,
        runs.map(({ executionId }) => executionId),
      )
    },
  )
})

test('wherever the process dies, of a burst the last one is done, once, and each other one says which that is', async () => {
  await crashEverywhere(
    [jobs({ debounce: { quiet: '1m' } }, (ctx, { n }) => ctx.step('work', () => n))],
    async (runtime) => {
      const runs = []
      for (let n = 0; n < 3; n++) {
        runs.push(await runtime.submit('job.do', { n }))
        await runtime.advance('30s')
      }
      const last = runs.at(-1)
      assert.equal(await last?.result(), 2)
      for (const [n, run] of runs.slice(0, -1).entries()) {
        const { status, superseded_by, steps } = await run.view()
        assert.deepEqual([status, superseded_by, steps], ['superseded', runs[n + 1]?.executionId, []])
      }
      const [begun] = beginnings(await runtime.events())
      const accepted = (await last?.events())?.find(({ type }) => type === 'intent.accepted')
      assert.ok((begun ?? 0) - Date.parse(accepted?.time ?? '') >= MINUTE_MS)
    },
  )
})

test('wherever the process dies, a burst without end is bounded: the last one begins when the bound on the first is reached', async () => {
  const bounded = jobs({ debounce: { quiet: '1m', atMost: '3m' } }, (ctx, { n }) => ctx.step('work', () => n))
  await crashEverywhere([bounded], async (runtime) => {
    const runs = []
    for (let n = 0; n < 8; n++) {
      runs.push(await runtime.submit('job.do', { n }))
      await runtime.advance('30s')
    }
    const statuses = await Promise.all(runs.map(async (run) => (await run.end()).status))
    // The bound is reached as the seventh comes, so it is that one or the one before it; the rest is a burst of its own.
    assert.deepEqual(
      statuses.filter((status) => status === 'completed'),
      ['completed', 'completed'],
    )
    const events = await runtime.events()
    const first = Date.parse(events.find(({ type }) => type === 'intent.accepted')?.time ?? '')
    const [begun = 0] = beginnings(events)
    assert.ok(begun - first >= 3 * MINUTE_MS && begun - first < 3 * MINUTE_MS + 1_000, `${begun - first} ms`)
  })
})

test('those that are accepted in one moment have their order over a death of the process', async () => {
  const order: number[] = []
  await using runtime = await virtualRuntime([
    jobs({ serial: true }, async (ctx, { n }) => {
      if (n === 0) await ctx.waitFor('go')
      order.push(n)
    }),
  ])
  const runs = []
  for (let n = 0; n < 20; n++) runs.push(await runtime.submit('job.do', { n }))
  const times = new Set(
    (await runtime.events()).filter(({ type }) => type === 'intent.accepted').map(({ time }) => time),
  )
  assert.equal(times.size, 1)
  await runtime.crash()
  await runs[0]?.signal('go')
  for (const run of runs) await run.result()
  assert.deepEqual(
    order,
    runs.map((_, n) => n),
  )
})

test('a limit is that of the current version, for those that an older one has left as well', async () => {
  for (const [limit, most_ms] of [
    [{ rate: { times: 1, per: '1m' } }, 3 * MINUTE_MS],
    [undefined, MINUTE_MS],
  ] as const) {
    const order: number[] = []
    const run = (ctx: Context, { n }: Job) => ctx.step('work', () => order.push(n))
    const before = jobs({ rate: { times: 1, per: '1d' } }, run)
    await using runtime = await virtualRuntime([before])
    const runs = []
    for (let n = 0; n < 3; n++) runs.push(await runtime.submit('job.do', { n }))
    await runs[0]?.result()
    const began = runtime.now()
    const [definition] = before.capabilities
    const now = { ...definition, limit } as CapabilityDefinition
    await runtime.deploy([defineRealm({ name: 'job', version: '2', capabilities: [now] }), before])
    for (const each of runs) await each.result()
    assert.deepEqual(order, [0, 1, 2])
    assert.ok(runtime.now() - began < most_ms)
  }
})

test('one whose time passes while it is paused fails when it goes on', async () => {
  const realm = defineRealm({
    name: 'job',
    version: '1',
    capabilities: [
      intent('job.do', {
        payload: z.unknown(),
        result: z.unknown(),
        timeout: '1h',
        run: (ctx) => ctx.waitFor('never'),
      }),
    ],
  })
  await using runtime = await virtualRuntime([realm])
  const run = await runtime.submit('job.do', {})
  await run.until('waiting')
  await run.pause()
  await runtime.advance('2h')
  const resumed = runtime.now()
  await run.resume()
  const { status, error } = await run.end()
  assert.deepEqual([status, error?.code], ['failed', 'execution.timed_out'])
  assert.ok(runtime.now() - resumed < 1_000)
})

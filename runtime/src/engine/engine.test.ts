// The engine as a user of it sees it: a real runtime with SQLite, asked over HTTP, restarted in the middle.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { RetryableError, TerminalError } from '@biplane/realm'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, heedful, realmOf } from './test-realm.ts'

test('an execution completes with its result, and its events tell what happened', async () => {
  const realm = realmOf(async (ctx) => {
    const first = await ctx.step('first', () => ({ n: 1 }))
    ctx.emit('test.halfway', { first })
    return ctx.step('second', () => first.n + 1)
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.run(session, 'test.do')
  assert.equal(execution.status, 'completed')
  assert.equal(execution.result, 2)
  assert.deepEqual(
    execution.steps.map(({ name, status, attempts }) => [name, status, attempts]),
    [
      ['first', 'completed', 1],
      ['second', 'completed', 1],
    ],
  )
  const events = await runtime.events(session)
  assert.deepEqual(
    events.map(({ seq, type }) => [seq, type]),
    [
      'session.created',
      'intent.accepted',
      'execution.started',
      'step.completed',
      'test.halfway',
      'step.completed',
      'execution.completed',
    ].map((type, index) => [index + 1, type]),
  )
  assert.ok(!JSON.stringify(events).includes('"result":{"n":1}'), 'a step’s result is private')
})

test('a failing step is retried with its stable key, and the result is recorded once', async () => {
  const keys: string[] = []
  const realm = realmOf((ctx) =>
    ctx.step(
      'flaky',
      (step) => {
        keys.push(`${step.attempt} ${step.key}`)
        if (step.attempt < 3) throw new RetryableError('test.flaky', 'not yet')
        return 'done'
      },
      { retry: { times: 5, backoff: 5 } },
    ),
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.run(session, 'test.do')
  assert.equal(execution.result, 'done')
  assert.deepEqual(
    keys,
    [1, 2, 3].map((attempt) => `${attempt} ${execution.execution_id}/0`),
  )
  const failures = (await runtime.events(session)).filter(({ type }) => type === 'step.failed')
  assert.equal(failures.length, 2)
})

test('a terminal error is not retried, and the handler may catch it', async () => {
  let attempts = 0
  const realm = realmOf(async (ctx) => {
    try {
      await ctx.step('charge', () => {
        attempts++
        throw new TerminalError('card.declined', 'no funds')
      })
    } catch (error) {
      return { caught: (error as { code: string }).code }
    }
    return null
  })
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.run(await runtime.session(), 'test.do')
  assert.deepEqual(execution.result, { caught: 'card.declined' })
  assert.equal(attempts, 1)
})

test('a step that takes too long is aborted and tried again', async () => {
  const realm = realmOf((ctx) =>
    ctx.step('slow', (step) => (step.attempt === 1 ? heedful(step.signal) : 'quick'), {
      timeoutMs: 20,
      retry: { backoff: 1 },
    }),
  )
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.run(await runtime.session(), 'test.do')
  assert.equal(execution.result, 'quick')
  assert.equal(execution.steps[0]?.attempts, 2)
})

test('events, state and outcome of a commit appear together, and survive a restart', async () => {
  const realm = realmOf(async (ctx) => {
    ctx.state.set('count', 1)
    ctx.emit('test.counted', { count: 1 })
    const count = await ctx.state.get<number>('count')
    ctx.state.set('count', (count?.value ?? 0) + 1)
    return count
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.run(session, 'test.do')
  assert.deepEqual(execution.result, { value: 1, revision: 1 })
  await runtime.restart()
  const state = await runtime.call('GET', `/api/session/${session}/state/count?tenant_id=acme`)
  assert.deepEqual(state.body, { key: 'count', value: 2, revision: 2 })
})

test('of two that compare and set one tenant key, the loser is told the revision', async () => {
  const realm = realmOf(async (ctx) => {
    await ctx.state.tenant.compareAndSet('stock/apple', 0, { left: 5 })
    try {
      await ctx.state.tenant.compareAndSet('stock/apple', 0, { left: 9 })
    } catch (error) {
      return { revision: (error as { revision: number }).revision }
    }
    return null
  })
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.run(await runtime.session(), 'test.do')
  assert.deepEqual(execution.result, { revision: 1 })
  const state = await runtime.call('GET', '/api/tenant/acme/state/stock/apple')
  assert.deepEqual(state.body.value, { left: 5 })
})

test('a sleep outlives a restart, and is never early', async () => {
  const realm = realmOf(async (ctx) => {
    const before = ctx.now()
    await ctx.sleep(300)
    return ctx.now() - before
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const id = await runtime.begin(session, 'test.do')
  await runtime.until(id, (status) => status === 'waiting')
  await runtime.restart()
  const execution = await runtime.until(id)
  assert.ok(Number(execution.result) >= 300, `slept ${String(execution.result)} ms`)
  assert.equal((await runtime.types(session)).filter((type) => type === 'execution.waiting').length, 1)
})

test('a restart in the middle runs no recorded step again, and the execution goes on', async () => {
  const runs: string[] = []
  const hold = gate()
  const realm = realmOf(async (ctx, { hold: held }) => {
    const chances = [ctx.random(), ctx.uuid()]
    for (const name of ['a', 'b']) await ctx.step(name, () => runs.push(name))
    await ctx.step('c', async ({ signal }) => {
      runs.push('c')
      if (held && hold.reached++ === 0) await heedful(signal)
    })
    return [...chances, ctx.uuid()]
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const id = await runtime.begin(session, 'test.do', { hold: true })
  await waitFor(() => hold.reached > 0 || null, 'the third step')
  await runtime.restart()
  const execution = await runtime.until(id)
  assert.equal(execution.status, 'completed')
  assert.deepEqual(runs, ['a', 'b', 'c', 'c'])
  const seqs = (await runtime.events(session)).map(({ seq }) => seq)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  )
})

test('a step that failed before a restart is tried after it no more often than it may, and no sooner than its log says', async () => {
  const tried: { attempt: number; at_ms: number }[] = []
  const realm = realmOf((ctx) =>
    ctx.step(
      'flaky',
      (step) => {
        tried.push({ attempt: step.attempt, at_ms: Date.now() })
        throw new RetryableError('test.flaky', 'not yet')
      },
      // Long enough for a restart, on a busy machine too.
      { retry: { times: 1, backoff: 800, jitter: 0 } },
    ),
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const id = await runtime.begin(session, 'test.do')
  const failed = await waitFor(
    async () => (await runtime.events(session)).find(({ type }) => type === 'step.failed') ?? null,
    'the first failure',
  )
  await runtime.restart()
  const { status, steps } = await runtime.until(id)
  assert.deepEqual([status, steps[0]?.attempts], ['failed', 2])
  assert.deepEqual(
    tried.map(({ attempt }) => attempt),
    [1, 2],
  )
  const { retry_at } = failed.data as { retry_at: string }
  const early_ms = Date.parse(retry_at) - (tried[1]?.at_ms ?? 0)
  // A timer may come within the millisecond before.
  assert.ok(early_ms <= 1, `tried ${early_ms} ms too early`)
})

test('changed code that no longer fits the log pauses the execution with the difference', async () => {
  const hold = gate()
  const version = (name: string) =>
    realmOf(async (ctx) => {
      await ctx.step(name, () => 1)
      await ctx.step('wait', ({ signal }) => (hold.reached++ === 0 ? heedful(signal) : 1))
    })
  await using runtime = await TestRuntime.start([version('charge')])
  const id = await runtime.begin(await runtime.session(), 'test.do')
  await waitFor(() => hold.reached > 0 || null, 'the second step')
  await runtime.restart([version('pay')])
  const execution = await runtime.until(id, (status) => status === 'paused')
  assert.equal(execution.error?.code, 'handler.diverged')
  assert.match(execution.error?.message ?? '', /"charge" as call 0 .* "pay"/)
})

test('a handler that awaits something of its own is paused, and told where', async () => {
  const realm = realmOf(async (ctx) => {
    await ctx.step('first', () => 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await ctx.step('second', () => 2)
  })
  await using runtime = await TestRuntime.start([realm])
  const id = await runtime.begin(await runtime.session(), 'test.do')
  const execution = await runtime.until(id, (status) => status === 'paused')
  assert.equal(execution.error?.code, 'handler.foreign_await')
  assert.match(execution.error?.message ?? '', /after its call "first"/)
})

test('an execution whose realm is gone is paused, not lost', async () => {
  const hold = gate()
  const realm = realmOf((ctx) =>
    ctx.step('wait', ({ signal }) => {
      hold.reached++
      return heedful(signal)
    }),
  )
  await using runtime = await TestRuntime.start([realm])
  const id = await runtime.begin(await runtime.session(), 'test.do')
  await waitFor(() => hold.reached > 0 || null, 'the step')
  await runtime.restart([])
  const execution = await runtime.until(id, (status) => status === 'paused')
  assert.equal(execution.error?.code, 'realm.missing')
})

test('progress becomes an entry at most twice a second, the last value winning', async () => {
  const realm = realmOf((ctx) =>
    ctx.step('count', async (step) => {
      for (let done = 0; done <= 100_000; done++) step.progress({ done, total: 100_000, unit: 'rows' })
      await new Promise((resolve) => setTimeout(resolve, 600))
    }),
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  await runtime.run(session, 'test.do')
  const seen = (await runtime.events(session)).filter(({ type }) => type === 'execution.progress')
  assert.deepEqual(
    seen.map(({ data }) => (data as { done: number }).done),
    [0, 100_000],
  )
})

test('what a realm returns or publishes must be storable JSON of bounded size', async () => {
  const realm = realmOf(async (ctx, { kind }) => {
    if (kind === 'step') return ctx.step('big', () => 'x'.repeat(300_000))
    if (kind === 'text') return ctx.step('text', () => 'a\0b')
    if (kind === 'event') ctx.emit('test.big', 'x'.repeat(300_000))
    return 'x'.repeat(300_000)
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const codeOf = async (kind: string) => (await runtime.run(session, 'test.do', { kind })).error?.code
  assert.equal(await codeOf('step'), 'step.result.too_large')
  assert.equal(await codeOf('text'), 'step.result.text_invalid')
  assert.equal(await codeOf('event'), 'value.too_large')
  assert.equal(await codeOf('result'), 'result.too_large')
})

test('a key of state that no address could name is refused, and nothing is written', async () => {
  const realm = realmOf(async (ctx, { key, ofTenant }) => {
    if (ofTenant) return ctx.state.tenant.compareAndSet(String(key), 0, 1)
    ctx.state.set(String(key), 1)
    return null
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  for (const key of ['', '/', 'a//b', 'a/', '..', 'a/./b', 'x'.repeat(401)]) {
    for (const ofTenant of [false, true]) {
      const { error } = await runtime.run(session, 'test.do', { key, ofTenant })
      assert.equal(error?.code, 'state.key_invalid', JSON.stringify(key))
    }
  }
  for (const key of ['a', 'a/b', '...', 'x'.repeat(400), '字'.repeat(400)]) {
    assert.equal((await runtime.run(session, 'test.do', { key })).error, null, key)
    const address = `/api/session/${session}/state/${key.split('/').map(encodeURIComponent).join('/')}?tenant_id=acme`
    assert.equal((await runtime.call('GET', address)).status, 200, key)
  }
})

test('a long step outlives many restarts in peace, which are no sign that it kills the process', async () => {
  const done = gate()
  const realm = realmOf(async (ctx) =>
    ctx.step('long', (step) => Promise.race([done.passed.then(() => 'done'), heedful(step.signal)])),
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  for (let restarts = 0; restarts < 5; restarts++) await runtime.restart()
  assert.equal((await runtime.execution(execution)).status, 'running')
  done.open()
  assert.equal((await runtime.until(execution)).result, 'done')
  assert.ok(!(await runtime.types(session)).includes('execution.recovered'))
})

test('every read after a write sees it, however many there are at once', async () => {
  const realm = realmOf(async (ctx) => {
    ctx.state.set('seats', 4)
    const read = await Promise.all([1, 2, 3].map(() => ctx.state.get<number>('seats')))
    return read.map((seats) => seats?.value ?? null)
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  for (let i = 0; i < 10; i++) assert.deepEqual((await runtime.run(session, 'test.do')).result, [4, 4, 4])
})

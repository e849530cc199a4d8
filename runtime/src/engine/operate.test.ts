import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Context, TerminalError } from '@biplane/realm'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, heedful, realmOf, realmWith } from './test-realm.ts'

/** Long enough for a restart within it, on a busy machine too. */
const TIMEOUT_MS = 800

test('what is paused does nothing until it is resumed, through a restart, and the log says who and why', async () => {
  const [first, second] = [gate(), gate()]
  let bodies = 0
  const realm = realmOf(async (ctx) => {
    await ctx.step('first', () => 1)
    await ctx.step('second', async (step) => {
      bodies++
      first.open()
      await Promise.race([second.passed, heedful(step.signal)])
    })
    return 'done'
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  await first.passed
  const paused = await runtime.operate(execution, 'pause', { reason: 'a look at it' })
  assert.deepEqual([paused.status, paused.body.status], [202, 'paused'])
  assert.equal((await runtime.operate(execution, 'pause')).status, 202)
  await runtime.restart()
  const { status, waits_for } = await runtime.execution(execution)
  assert.deepEqual([status, waits_for], ['paused', 'a person, who paused it: a look at it'])
  second.open()
  for (let twice = 0; twice < 2; twice++) await runtime.operate(execution, 'resume', { reason: 'seen' })
  assert.equal((await runtime.until(execution)).result, 'done')
  assert.equal(bodies, 2)
  const types = (await runtime.types(session)).filter((type) => /paused|continued/.test(type))
  assert.deepEqual(types, ['execution.paused', 'execution.continued'])
  assert.equal((await runtime.operate(execution, 'resume')).body.code, 'execution_final')
})

test('a sleep goes on over a pause, and is over at once if its time has passed', async () => {
  const realm = realmOf(async (ctx) => {
    await ctx.sleep(40)
    return 'awake'
  })
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  await runtime.operate(execution, 'pause')
  const until = Date.now() + 60
  await waitFor(() => Date.now() > until || null, 'the time')
  assert.equal((await runtime.execution(execution)).status, 'paused')
  await runtime.operate(execution, 'resume')
  assert.equal((await runtime.until(execution)).result, 'awake')
})

test('a retry does a failed intent again as a new execution, once however often it is asked for', async () => {
  let isDown = true
  const realm = realmOf(async (ctx, { n }) =>
    ctx.step('call', () => (isDown ? Promise.reject(new TerminalError('down', 'It is down.')) : n)),
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const failed = await runtime.run(session, 'test.do', { n: 7 })
  assert.equal(failed.status, 'failed')
  isDown = false
  await runtime.restart()
  const answers = [
    await runtime.operate(failed.execution_id, 'retry', { reason: 'up again' }),
    await runtime.operate(failed.execution_id, 'retry'),
  ]
  const [again] = answers.map(({ body }) => body.execution_id)
  assert.deepEqual(
    answers.map(({ status, body }) => [status, body.execution_id]),
    [
      [202, again],
      [202, again],
    ],
  )
  const { result, retry_of, intent_id } = await runtime.until(again)
  assert.deepEqual([result, retry_of, intent_id], [7, failed.execution_id, failed.intent_id])
  const third = await runtime.call(
    'POST',
    `/api/execution/${failed.execution_id}/retry`,
    { tenant_id: 'acme' },
    { 'idempotency-key': 'k' },
  )
  assert.notEqual(third.body.execution_id, again)
})

test('what has not ended is not retried or forked', async () => {
  await using runtime = await TestRuntime.start([realmOf(async (ctx) => ctx.waitFor('never'))])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  for (const verb of ['retry', 'fork']) {
    const { status, body } = await runtime.operate(execution, verb)
    assert.deepEqual([status, body.code], [409, 'execution_not_final'])
  }
  assert.deepEqual((await runtime.operate(execution, 'settle')).body.code, 'execution_not_parked')
})

test('a fork goes on from the last answer before the failure, and neither runs nor undoes what it inherited', async () => {
  const bodies: string[] = []
  const undone: string[] = []
  let isDown = true
  const body = (name: string, value: unknown) => () => {
    bodies.push(name)
    return value
  }
  const realm = realmOf(async (ctx) => {
    const key = ctx.uuid()
    await ctx.step('a', body('a', 1), { undo: () => undone.push('a') })
    ctx.emit('test.a', { key })
    const chance = ctx.random()
    await ctx.step('b', body('b', 2), { undo: () => undone.push('b') })
    await ctx.step('c', () => (isDown ? Promise.reject(new TerminalError('down', 'It is down.')) : body('c', 3)()))
    return [key, chance]
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const failed = await runtime.run(session, 'test.do')
  assert.deepEqual([failed.status, undone], ['failed', ['b', 'a']])
  isDown = false
  const { body: fork } = await runtime.operate(failed.execution_id, 'fork', { reason: 'up again' })
  await runtime.restart()
  const { status, result, fork_of } = await runtime.until(fork.execution_id)
  assert.deepEqual([status, fork_of], ['completed', failed.execution_id])
  assert.deepEqual(bodies, ['a', 'b', 'c'])
  const emitted = (await runtime.events(session)).filter(({ type }) => type === 'test.a')
  assert.equal(emitted.length, 1)
  assert.equal((result as [string])[0], (emitted[0]?.data as { key: string } | undefined)?.key)
})

test('a fork from a call in the middle shares nothing after its answer', async () => {
  const bodies: string[] = []
  const realm = realmOf(async (ctx) => {
    for (const name of ['a', 'b', 'c', 'd']) await ctx.step(name, () => bodies.push(name))
    return bodies.length
  })
  await using runtime = await TestRuntime.start([realm])
  const done = await runtime.run(await runtime.session(), 'test.do')
  const { body } = await runtime.operate(done.execution_id, 'fork', { through: 1 })
  assert.equal((await runtime.until(body.execution_id)).status, 'completed')
  assert.deepEqual(bodies, ['a', 'b', 'c', 'd', 'c', 'd'])
  const second = await runtime.operate(body.execution_id, 'fork', { through: 2 })
  assert.equal((await runtime.until(second.body.execution_id)).status, 'completed')
  assert.deepEqual(bodies.slice(6), ['d'])
  const unknown = await runtime.operate(done.execution_id, 'fork', { through: 99 })
  assert.deepEqual([unknown.status, unknown.body.code], [422, 'fork_point_unknown'])
})

const stubborn = (attempts: { left: number }) =>
  realmOf(async (ctx: Context) => {
    await ctx.step('a', () => 1, { undo: () => {} })
    await ctx.step('b', () => 2, {
      undo: () => (attempts.left-- > 0 ? Promise.reject(new Error('still locked')) : undefined),
    })
    throw new TerminalError('no.more', 'No more.')
  })
const isParked = (status: string) => status === 'parked'

test(
  'an undo that keeps failing parks the execution, and a person can have it tried again',
  { timeout: 60_000 },
  async () => {
    await using runtime = await TestRuntime.start([stubborn({ left: 5 })])
    const execution = await runtime.begin(await runtime.session(), 'test.do')
    const { error, waits_for } = await runtime.until(execution, isParked)
    assert.equal(error?.code, 'saga.undo_failed')
    assert.match(waits_for ?? '', /still locked/)
    await runtime.restart()
    await runtime.operate(execution, 'resume', { reason: 'unlocked' })
    const { status, compensated, steps } = await runtime.until(execution)
    assert.deepEqual([status, compensated], ['failed', true])
    assert.deepEqual(
      steps.map(({ status: each }) => each),
      ['undone', 'undone'],
    )
  },
)

test('a person settles a step by hand, or the whole execution as it is', { timeout: 60_000 }, async () => {
  await using runtime = await TestRuntime.start([stubborn({ left: 1_000 })])
  const session = await runtime.session()
  const [one, other] = [await runtime.begin(session, 'test.do'), await runtime.begin(session, 'test.do')]
  for (const id of [one, other]) await runtime.until(id, isParked)
  assert.equal((await runtime.operate(one, 'settle', { step: 99 })).status, 422)
  await runtime.operate(one, 'settle', { step: 1, reason: 'by telephone' })
  const settled = await runtime.until(one)
  assert.deepEqual(
    settled.steps.map(({ status }) => status),
    ['undone', 'settled'],
  )
  assert.deepEqual([settled.status, settled.compensated, settled.error?.code], ['failed', true, 'no.more'])
  await runtime.operate(other, 'settle', { reason: 'written off' })
  const ended = await runtime.until(other)
  assert.deepEqual([ended.status, ended.compensated, ended.error?.code], ['failed', false, 'no.more'])
})

test('an execution whose time is up is cancelled and undone, and ends as failed', async () => {
  const undone: string[] = []
  const realm = realmWith(
    {
      do: async (ctx) => {
        await ctx.step('a', () => 1, { undo: () => undone.push('a') })
        await ctx.waitFor('never')
      },
    },
    { timeout: '50ms' },
  )
  await using runtime = await TestRuntime.start([realm])
  const { status, error, compensated } = await runtime.run(await runtime.session(), 'test.do')
  assert.deepEqual([status, error?.code, compensated, undone], ['failed', 'execution.timed_out', true, ['a']])
})

test('the time of an execution runs on over a restart, whether it waits or is at work', async () => {
  const undone: unknown[] = []
  const realm = realmWith(
    {
      do: async (ctx, { works }) => {
        await ctx.step('a', () => 1, { undo: () => undone.push(works) })
        await (works ? ctx.step('work', ({ signal }) => heedful(signal)) : ctx.waitFor('never'))
      },
    },
    { timeout: TIMEOUT_MS },
  )
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const [waits, works] = [
    await runtime.begin(session, 'test.do'),
    await runtime.begin(session, 'test.do', { works: true }),
  ]
  await runtime.until(waits, (status) => status === 'waiting')
  await runtime.restart()
  for (const id of [waits, works]) {
    const { status, error, created_at, ended_at } = await runtime.until(id)
    assert.deepEqual([status, error?.code], ['failed', 'execution.timed_out'])
    assert.ok(Date.parse(ended_at ?? '') - Date.parse(created_at) >= TIMEOUT_MS)
  }
  assert.deepEqual(new Set(undone), new Set([undefined, true]))
})

/** A step that has been told to stop, and takes its time. */
function slowToStop() {
  const [begun, told, opened] = [gate(), gate(), gate()]
  const realm = realmOf(async (ctx) =>
    ctx.step('slow to stop', async ({ signal }) => {
      signal.addEventListener('abort', () => told.open())
      begun.open()
      await told.passed
      await opened.passed
    }),
  )
  return { begun, told, opened, realm }
}

test('a cancel that comes while the execution is being paused is not lost', async () => {
  const { begun, told, opened, realm } = slowToStop()
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  await begun.passed
  const paused = runtime.operate(execution, 'pause')
  await told.passed
  const cancelled = runtime.operate(execution, 'cancel', { reason: 'enough' })
  opened.open()
  await Promise.all([paused, cancelled])
  assert.equal((await runtime.until(execution)).status, 'cancelled')
})

test('a pause that comes while the execution is being cancelled does not keep it from its end', async () => {
  const { begun, told, opened, realm } = slowToStop()
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  await begun.passed
  const cancelled = runtime.operate(execution, 'cancel')
  await told.passed
  const paused = runtime.operate(execution, 'pause')
  opened.open()
  await cancelled
  assert.equal((await paused).status, 409)
  assert.equal((await runtime.until(execution)).status, 'cancelled')
  assert.ok(!(await runtime.types(session)).includes('execution.paused'))
})

test('a cancel that is sent again while the handler still goes on after the first changes nothing', async () => {
  const seen: string[] = []
  const realm = realmOf(async (ctx) => {
    try {
      await ctx.waitFor('never')
    } catch {
      seen.push('cancelled')
      await ctx.waitFor('tidy').catch(() => seen.push('cancelled again'))
    }
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  await runtime.until(execution, (status) => status === 'waiting')
  await runtime.operate(execution, 'cancel', { reason: 'first' })
  await runtime.until(execution, (status) => status === 'waiting')
  // Once as it is in memory, and once as it is not.
  assert.equal((await runtime.operate(execution, 'cancel', { reason: 'second' })).status, 202)
  await runtime.restart()
  assert.equal((await runtime.operate(execution, 'cancel', { reason: 'third' })).status, 202)
  await runtime.operate(execution, 'signal', { name: 'tidy' })
  assert.equal((await runtime.until(execution)).status, 'cancelled')
  assert.ok(!seen.includes('cancelled again'))
  const cancels = (await runtime.events(session)).filter(({ type }) => type === 'execution.cancelling')
  assert.deepEqual(
    cancels.map(({ data }) => (data as { reason?: string }).reason),
    ['first'],
  )
})

test('what is being undone answers at once that it cannot be paused', async () => {
  const [undoing, opened] = [gate(), gate()]
  const realm = realmOf(async (ctx) => {
    await ctx.step('reserve', () => 1, {
      undo: () => {
        undoing.open()
        return opened.passed
      },
    })
    throw new TerminalError('no.more', 'It is enough.')
  })
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  await undoing.passed
  const { status, body } = await runtime.operate(execution, 'pause')
  assert.deepEqual([status, body.code], [409, 'execution_compensating'])
  opened.open()
  assert.equal((await runtime.until(execution)).status, 'failed')
})

test('a key that was used for something else is refused by a retry', async () => {
  const realm = realmOf(async () => 'done')
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const intent = { intent_type: 'test.do', realm: 'test', session_id: session, tenant_id: 'acme', payload: {} }
  const headers = { 'idempotency-key': 'order-7' }
  const { body } = await runtime.call('POST', '/api/intent/submit', intent, headers)
  await runtime.until(body.execution_id)
  const again = (key: string) =>
    runtime.call('POST', `/api/execution/${body.execution_id}/retry`, { tenant_id: 'acme' }, { 'idempotency-key': key })
  assert.equal((await again('order-7')).body.code, 'idempotency_conflict')
  const [one, other] = [await again('order-8'), await again('order-8')]
  assert.equal(one.body.execution_id, other.body.execution_id)
  assert.notEqual(one.body.execution_id, body.execution_id)
})

test('a pause and the resume that follows it at once leave an execution going on', async () => {
  const realm = realmOf(async (ctx) => {
    await ctx.step('first', () => 1)
    return (await ctx.waitFor('go')).payload
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  for (let i = 0; i < 5; i++) {
    const execution = await runtime.begin(session, 'test.do')
    const paused = runtime.operate(execution, 'pause')
    await Promise.all([paused, runtime.operate(execution, 'resume'), runtime.operate(execution, 'resume')])
    await runtime.operate(execution, 'resume')
    await runtime.operate(execution, 'signal', { name: 'go', payload: i })
    assert.equal((await runtime.until(execution)).result, i)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as realPause } from 'node:timers/promises'

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { hanging, virtualRuntime } from './realm-testing.ts'
import { Bank, shopOf } from './test-shop.ts'

const DAY_MS = 86_400_000
const BOOK = { item: 'book', price: 5 }

const started = async (options = {}) => {
  const bank = new Bank()
  return { bank, runtime: await virtualRuntime([shopOf(() => bank)], options) }
}

/** A realm of one intent, `job.do`. */
const job = (run: Parameters<typeof intent>[1]['run'], version = '1') =>
  defineRealm({
    name: 'job',
    version,
    capabilities: [intent('job.do', { payload: z.unknown(), result: z.unknown(), undoable: true, run })],
  })

test('a month passes in no time, and not a moment more than the execution needs', async () => {
  const { runtime, bank } = await started()
  await using _ = runtime
  const began = runtime.now()
  const run = await runtime.submit('shop.order', BOOK)
  await run.until('waiting')
  assert.ok(runtime.now() - began < 1_000)
  await run.approve('ship', { by: 'mira', reason: 'in stock' })
  assert.deepEqual(await run.result(), { receipt: 'paid 5' })
  const days = (runtime.now() - began) / DAY_MS
  assert.ok(days >= 30 && days < 30.001, `${days} days`)
  assert.deepEqual(
    (await run.steps()).map(({ name, status }) => [name, status]),
    [
      ['charge', 'completed'],
      ['ship', 'completed'],
    ],
  )
  assert.equal(bank.charged.size, 1)
})

test('an approval that nobody gives expires, and what was done is undone', async () => {
  const { runtime, bank } = await started()
  await using _ = runtime
  const run = await runtime.submit('shop.order', BOOK)
  await assert.rejects(run.result(), { code: 'wait.expired' })
  assert.deepEqual(await run.end(), {
    status: 'failed',
    compensated: true,
    result: null,
    error: { code: 'wait.expired', message: 'The signal ship did not come in time.' },
  })
  assert.deepEqual([...bank.refunded], [...bank.charged.keys()])
})

test('what can never end is said to wait, and for what', async () => {
  await using runtime = await virtualRuntime([job((ctx) => ctx.waitFor('tide'))])
  const run = await runtime.submit('job.do')
  await assert.rejects(run.end(), /will not end: it is waiting and waits for the signal "tide", and nothing is due/)
  await run.signal('tide', { high: true }, { by: 'moon' })
  assert.deepEqual((await run.end()).status, 'completed')
})

test('time passes as far as it is told to, with what is due in it', async () => {
  const { runtime } = await started()
  await using _ = runtime
  const run = await runtime.submit('shop.order', BOOK)
  await run.until('waiting')
  await run.approve('ship')
  await runtime.advance('29d')
  assert.equal(await run.status(), 'waiting')
  await runtime.advance('2d')
  assert.equal(await run.status(), 'completed')
  assert.deepEqual(await runtime.state('shipped/book'), { value: true, revision: 1 })
  assert.equal(await runtime.query('shop.charged'), 1)
  assert.ok((await runtime.events()).some(({ type }) => type === 'shop.shipped'))
})

test('time passes until something holds, and a body that works in real time delays what comes after it', async () => {
  let fed = 0
  await using runtime = await virtualRuntime([
    job(async (ctx) => {
      await ctx.step('buy food', async () => realPause(30))
      await ctx.sleep('8h')
      await ctx.step('feed', () => ++fed)
      await ctx.waitFor('hunger')
    }),
  ])
  await runtime.submit('job.do')
  const began = runtime.now()
  await runtime.advance('7h')
  assert.equal(fed, 0)
  await runtime.until(() => fed === 1, 'the feeding')
  assert.ok(runtime.now() - began < 8.01 * 3_600_000)
  await assert.rejects(
    runtime.until(() => fed === 2, 'the second feeding'),
    /the second feeding will not come/,
  )
})

test('a body that waits for the test is waited for once', async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<string>()
  await using runtime = await virtualRuntime([job((ctx) => ctx.step('wait', () => opened))])
  const run = await runtime.submit('job.do')
  await runtime.advance('1d')
  await runtime.advance('1d')
  assert.equal(await run.status(), 'running')
  const result = run.result()
  setImmediate(() => open('opened'))
  assert.equal(await result, 'opened')
})

test('two that are waited for at once both come to their end', async () => {
  const { runtime } = await started()
  await using _ = runtime
  const runs = [await runtime.submit('shop.order', BOOK), await runtime.submit('shop.order', BOOK, { tenant: 'other' })]
  for (const run of runs) await run.until('waiting')
  for (const run of runs) await run.approve('ship')
  assert.deepEqual(await Promise.all(runs.map((run) => run.result())), [{ receipt: 'paid 5' }, { receipt: 'paid 5' }])
})

test('a crash loses nothing: the next process goes on', async () => {
  const { runtime, bank } = await started()
  await using _ = runtime
  const run = await runtime.submit('shop.order', BOOK)
  await runtime.crash()
  await run.until('waiting')
  await runtime.crash()
  await run.approve('ship')
  await runtime.crash()
  assert.deepEqual(await run.result(), { receipt: 'paid 5' })
  assert.equal(bank.charged.size, 1)
})

test('what a dead process still does has no effect', async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<string>()
  const begun = Promise.withResolvers<void>()
  let times = 0
  await using runtime = await virtualRuntime([
    job((ctx) =>
      ctx.step('work', () => {
        begun.resolve()
        return ++times === 1 ? opened : 'second'
      }),
    ),
  ])
  const run = await runtime.submit('job.do')
  await begun.promise
  await runtime.crash()
  open('first')
  assert.equal(await run.result(), 'second')
})

test('a deployed version that does something else pauses what is in flight, and says how they differ', async () => {
  const first = job(async (ctx) => {
    await ctx.step('pack', () => 1)
    await ctx.sleep('1d')
    return 'done'
  })
  const second = job(async (ctx) => {
    await ctx.step('wrap', () => 1)
    return 'done'
  }, '2')
  await using runtime = await virtualRuntime([first])
  const run = await runtime.submit('job.do')
  await run.until('waiting')
  await runtime.deploy([second])
  const { status, error } = await run.end()
  assert.equal(status, 'paused')
  assert.match(error?.message ?? '', /pack/)
  await runtime.deploy([first])
  await run.resume()
  assert.equal(await run.result(), 'done')
})

test('a step is faked by its name, and its time-out passes in no time', async () => {
  const attempts: number[] = []
  await using runtime = await virtualRuntime([
    job(async (ctx) => {
      const told = await ctx.step('call', () => 'real')
      await ctx.step('slow', () => 'real', { timeoutMs: 3_600_000, retry: { times: 1 } })
      return told
    }),
  ])
  runtime.fakeStep('call', ({ attempt }, real) => {
    attempts.push(attempt)
    if (attempt < 3) throw new Error('The line is busy.')
    return `fake of ${String(real())}`
  })
  runtime.fakeStep('job.do/slow', hanging)
  const began = runtime.now()
  const run = await runtime.submit('job.do')
  await assert.rejects(run.result(), { code: 'step.timed_out' })
  assert.deepEqual(attempts, [1, 2, 3])
  assert.ok(runtime.now() - began > 2 * 3_600_000)
})

test('an undo is faked by the name of its step; one that keeps failing parks, and a person settles it', async () => {
  const { runtime, bank } = await started()
  await using _ = runtime
  runtime.fakeUndo('charge', () => {
    throw new Error('The bank is closed.')
  })
  const run = await runtime.submit('shop.order', BOOK)
  await run.until('waiting')
  await run.refuse('ship', { by: 'mira', reason: 'sold out' })
  const parked = await run.end()
  assert.equal(parked.status, 'parked')
  assert.match(parked.error?.message ?? '', /The bank is closed/)
  await run.settle(0, { by: 'mira' })
  assert.equal((await run.end()).error?.code, 'approval.refused')
  assert.equal(bank.refunded.size, 0)
})

test('a body that waits for the outside world is waited for, whatever its time-out is', async () => {
  await using runtime = await virtualRuntime([
    job((ctx) => ctx.step('read', async () => realPause(80, 'read'), { timeoutMs: 50, retry: { times: 0 } })),
  ])
  const run = await runtime.submit('job.do')
  assert.equal(await run.result(), 'read')
})

test('a body that waits for its time-out alone gets it', async () => {
  const never = (signal: AbortSignal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  const realm = job((ctx) =>
    ctx.step('hang', ({ signal }) => never(signal), { timeoutMs: 60_000, retry: { times: 0 } }),
  )
  await using runtime = await virtualRuntime([realm], { patienceMs: 20 })
  const run = await runtime.submit('job.do')
  await assert.rejects(run.result(), { code: 'step.timed_out' })
})

test('whoever asks when it is closed is told so', async () => {
  const { runtime } = await started()
  await runtime[Symbol.asyncDispose]()
  await assert.rejects(runtime.submit('shop.order', BOOK), /The runtime is closed/)
})

test('it is cancelled, paused, resumed, retried and forked', async () => {
  const { runtime, bank } = await started()
  await using _ = runtime
  const run = await runtime.submit('shop.order', BOOK)
  await run.until('waiting')
  await run.pause({ by: 'mira' })
  assert.equal((await run.end()).status, 'paused')
  await run.resume()
  await run.until('waiting')
  await run.cancel({ reason: 'changed my mind' })
  assert.deepEqual(await run.end(), { status: 'cancelled', compensated: true, result: null, error: null })
  await assert.rejects(run.result(), { code: 'execution.cancelled' })
  const again = await run.retry()
  const fork = await run.fork()
  for (const each of [again, fork]) {
    await each.until('waiting')
    await each.approve('ship')
  }
  for (const each of [again, fork]) assert.deepEqual(await each.result(), { receipt: 'paid 5' })
  assert.equal(bank.charged.size, 2)
})

test('the same key is the same execution, another body with it is refused, and a wrong payload too', async () => {
  const { runtime } = await started()
  await using _ = runtime
  const first = await runtime.submit('shop.order', BOOK, { key: 'k' })
  const second = await runtime.submit('shop.order', BOOK, { key: 'k' })
  assert.equal(second.executionId, first.executionId)
  const other = { ...BOOK, price: 6 }
  await assert.rejects(runtime.submit('shop.order', other, { key: 'k' }), { code: 'idempotency_conflict' })
  await assert.rejects(runtime.submit('shop.order', { item: 1 }), { code: 'payload_invalid' })
})

test('with replay at every step, children, timers and approvals come out the same', async () => {
  const { runtime, bank } = await started({ replayEveryStep: true })
  await using _ = runtime
  const run = await runtime.submit('shop.gift', [BOOK, BOOK])
  await run.until('waiting')
  const { children } = await run.view()
  assert.equal(children.length, 2)
  for (const { execution_id } of children) await (await runtime.execution(execution_id)).approve('ship')
  assert.deepEqual(await run.result(), [{ receipt: 'paid 5' }, { receipt: 'paid 5' }])
  assert.equal(bank.charged.size, 2)
  assert.ok((await runtime.events()).filter(({ type }) => type === 'execution.recovered').length > 5)
})

test('the same seed makes the same ids and the same log', async () => {
  const logs = await Promise.all(
    [1, 2].map(async () => {
      const { runtime } = await started({ seed: 7 })
      await using _ = runtime
      const run = await runtime.submit('shop.order', BOOK)
      await run.end()
      return await runtime.events()
    }),
  )
  assert.deepEqual(logs[0], logs[1])
})

test('artifacts outlive the process that stored them', async () => {
  await using runtime = await virtualRuntime([
    job((ctx) => ctx.artifact('write', async () => Buffer.from('hello'), { name: 'hello.txt' })),
  ])
  const run = await runtime.submit('job.do')
  const ref = (await run.result()) as Parameters<ReturnType<typeof runtime.artifacts>['open']>[0]
  await runtime.crash()
  const text = await (await runtime.artifacts().open(ref)).toArray()
  assert.equal(Buffer.concat(text as Buffer[]).toString(), 'hello')
  await assert.rejects(runtime.artifacts('other').stat(ref), { code: 'artifact.not_found' })
})

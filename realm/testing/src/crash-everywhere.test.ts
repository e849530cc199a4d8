import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as realPause } from 'node:timers/promises'

import { type Context, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { type VirtualRuntime, crashEverywhere } from './realm-testing.ts'
import { Bank, shopOf } from './test-shop.ts'

const BOOK = { item: 'book', price: 5 }

const job = (run: (ctx: Context) => Promise<unknown>) =>
  defineRealm({
    name: 'job',
    version: '1',
    capabilities: [intent('job.do', { payload: z.unknown(), result: z.unknown(), run })],
  })

const isDone = async (runtime: VirtualRuntime) => {
  const run = await runtime.submit('job.do')
  assert.equal(await run.result(), 'done')
}

test('a saga with an approval and a month of sleep is the same through every crash', async () => {
  let bank = new Bank()
  let plays = 0
  const realms = [shopOf(() => bank)]
  await crashEverywhere(realms, async (runtime) => {
    bank = new Bank()
    plays++
    const run = await runtime.submit('shop.order', BOOK)
    await run.until('waiting')
    await run.approve('ship', { by: 'mira' })
    assert.deepEqual(await run.result(), { receipt: 'paid 5' })
    assert.deepEqual([...bank.charged.values()], [5])
    assert.equal(bank.refunded.size, 0)
  })
  assert.ok(plays > 20, `${plays} plays`)
})

test('so is one that is undone, that is cancelled, and one of children', async () => {
  let bank = new Bank()
  const realms = [shopOf(() => bank)]
  await crashEverywhere(realms, async (runtime) => {
    bank = new Bank()
    const refused = await runtime.submit('shop.order', BOOK)
    await refused.until('waiting')
    await refused.refuse('ship')
    assert.equal((await refused.end()).status, 'failed')
    assert.deepEqual([...bank.refunded], [...bank.charged.keys()])

    const gift = await runtime.submit('shop.gift', [BOOK])
    await gift.until('waiting')
    await gift.cancel()
    assert.equal((await gift.end()).status, 'cancelled')
    assert.equal(bank.refunded.size, 2)
  })
})

test('a pause, a signal, a retry and a fork that a crash interrupts are done once', async () => {
  const realm = job(async (ctx) => {
    await ctx.step('one', () => 1)
    const { payload } = await ctx.waitFor('go')
    if (payload === 'no') throw new Error('It was told not to.')
    return 'done'
  })
  await crashEverywhere([realm], async (runtime) => {
    const run = await runtime.submit('job.do')
    await run.pause()
    await run.resume()
    await run.signal('go', 'no')
    assert.equal((await run.end()).status, 'failed')
    const fork = await run.fork({ through: 0 })
    await fork.signal('go')
    assert.equal(await fork.result(), 'done')
    const again = await run.retry()
    await again.signal('go')
    assert.equal(await again.result(), 'done')
    const signals = (await runtime.events()).filter(({ type }) => type === 'signal.received')
    assert.equal(signals.length, 3)
  })
})

test('a charge that is not idempotent is found', async () => {
  let bank = new Bank()
  const realms = [shopOf(() => bank, { idempotent: false })]
  const scenario = async (runtime: VirtualRuntime) => {
    bank = new Bank()
    const run = await runtime.submit('shop.order', BOOK)
    await run.until('waiting')
    await run.approve('ship')
    await run.result()
    assert.deepEqual([...bank.charged.values()], [5])
  }
  await assert.rejects(crashEverywhere(realms, scenario), /A crash before commit \d+ of \d+ \(step.completed charge\)/)
})

test('a handler that looks at the clock is found', async () => {
  const realm = job(async (ctx) => {
    const began = Date.now()
    await ctx.step('work', async () => realPause(30, 1))
    if (Date.now() - began > 20) await ctx.step('complain', () => 'It was slow.')
    await ctx.step('end', () => 1)
    return 'done'
  })
  await assert.rejects(crashEverywhere([realm], isDone), /A crash .* changes the outcome: .*complain/)
})

test('a handler that throws dice is found', async () => {
  const realm = job(async (ctx) => {
    await ctx.step(`part ${Math.random()}`, () => 1)
    await ctx.step('end', () => 1)
    return 'done'
  })
  await assert.rejects(crashEverywhere([realm], isDone), /A crash .* changes the outcome: .*part/)
})

test('a handler that keeps something outside of its steps is found', async () => {
  const realm = job(async (ctx) => {
    const seen: string[] = []
    await ctx.step('one', () => seen.push('one'))
    await ctx.step('two', () => seen.push('two'))
    return seen.length === 2 ? 'done' : seen
  })
  await assert.rejects(crashEverywhere([realm], isDone), /A crash .* changes the outcome/)
  await crashEverywhere([job(async () => 'done')], isDone, { replayEveryStep: true })
})

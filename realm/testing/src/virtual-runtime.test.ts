import assert from 'node:assert/strict'
import { test } from 'node:test'

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { crashEverywhere, virtualRuntime } from './realm-testing.ts'

const Order = z.object({ item: z.string(), price: z.number() })

const placed: string[] = []

/** Pays, waits for approval and a month, then ships. */
const shop = defineRealm({
  name: 'shop',
  version: '1',
  capabilities: [
    intent('shop.order', {
      payload: Order,
      result: z.object({ receipt: z.string() }),
      undoable: true,
      async run(ctx, { item, price }) {
        const receipt = await ctx.step('charge', ({ key }) => `charged ${price} ${key.slice(-2)}`, {
          undo: ({ result, outcome }) => placed.push(`refund ${outcome} ${result ?? ''}`),
        })
        await ctx.approval('ship', { within: '2d' })
        await ctx.sleep('30d')
        await ctx.step('ship', () => {
          if (item === 'broken') throw new Error('It is broken.')
        }, { retry: { times: 1 } })
        return { receipt }
      },
    }),
  ],
})

test('a month passes in milliseconds', async () => {
  await using runtime = await virtualRuntime([shop])
  const began = runtime.now()
  const run = await runtime.submit('shop.order', { item: 'book', price: 5 })
  await run.until('waiting')
  await run.approve('ship', { by: 'mira' })
  assert.deepEqual(await run.result(), { receipt: 'charged 5 /0' })
  assert.ok(runtime.now() - began >= 30 * 86_400_000)
})

test('crash', async () => {
  await crashEverywhere([shop], async (runtime) => {
    const run = await runtime.submit('shop.order', { item: 'book', price: 5 })
    await run.until('waiting')
    await run.approve('ship', { by: 'mira' })
    assert.deepEqual(await run.result(), { receipt: 'charged 5 /0' })
  })
})
test('crash undo', async () => {
  await crashEverywhere([shop], async (runtime) => {
    placed.length = 0
    const run = await runtime.submit('shop.order', { item: 'broken', price: 5 })
    await run.until('waiting')
    await run.approve('ship', { by: 'mira' })
    const end = await run.end()
    assert.equal(end.status, 'failed')
    assert.deepEqual(new Set(placed), new Set(['refund done charged 5 /0']))
  })
})

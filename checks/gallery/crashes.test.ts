// Programs of the gallery with a crash before and after each commit that they make: what their users see is the same each time.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { crashEverywhere } from '@biplane/realm-testing'

import { warehouse } from './programs/children.ts'
import { race } from './programs/race.ts'
import { refund } from './programs/refund.ts'
import { STEPS, tenSteps } from './programs/ten-steps.ts'
import { trip } from './programs/trip.ts'
import { World } from './world.ts'

const HOUR_MS = 3_600_000
const SOON_MS = 300
/** What nobody has to wait for is there within it, by the clock of the runtime. */
const AT_ONCE_MS = 60_000
const ORDERS = 6

test('whenever the process dies, a signal that came first wins its race, long before the time', () =>
  crashEverywhere([race()], async (runtime) => {
    const began_ms = runtime.now()
    const run = await runtime.submit('race.run', { until_ms: began_ms + HOUR_MS })
    await run.signal('now')
    await run.signal('end')
    assert.equal(await run.result(), 'signal')
    assert.ok(runtime.now() - began_ms < AT_ONCE_MS)
  }))

test('whenever the process dies, a time that came first wins its race', () =>
  crashEverywhere([race()], async (runtime) => {
    const run = await runtime.submit('race.run', { until_ms: runtime.now() + SOON_MS })
    await runtime.advance(AT_ONCE_MS)
    await run.signal('now')
    await run.signal('end')
    assert.equal(await run.result(), 'timer')
  }))

for (const intentType of ['warehouse.pack_all', 'warehouse.pack_by_hand']) {
  test(`whenever the process dies, each order is packed by one child (${intentType})`, () =>
    crashEverywhere([warehouse(new World())], async (runtime) => {
      const run = await runtime.submit(intentType, { orders: ORDERS })
      assert.deepEqual(new Set((await run.result()) as number[]), new Set([0, 1, 2, 3, 4, 5]))
      const called = (await runtime.events()).filter(({ type }) => type === 'child.called')
      assert.equal(called.length, ORDERS)
    }))
}

test('whenever the process dies, an approval that came early has the refund paid at once', () =>
  crashEverywhere([refund(new World())], async (runtime) => {
    const began_ms = runtime.now()
    const run = await runtime.submit('refund.pay', { within_ms: HOUR_MS })
    await run.approve('refund', { reason: 'goodwill' })
    assert.deepEqual(await run.result(), { reason: 'goodwill' })
    assert.ok(runtime.now() - began_ms < AT_ONCE_MS)
  }))

test('whenever the process dies, a saga of ten steps that fails is taken back to its beginning', () =>
  crashEverywhere([tenSteps(new World())], async (runtime) => {
    const run = await runtime.submit('ten.steps', { saga: 'saga', fails_at: STEPS })
    const { status, compensated } = await run.end()
    assert.deepEqual([status, compensated], ['failed', true])
    const undone = (await runtime.events()).filter(({ type }) => type === 'saga.step_undone')
    assert.equal(undone.length, STEPS)
  }))

test('whenever the process dies, a fork keeps what it shares with the first trip', () =>
  crashEverywhere([trip(new World())], async (runtime) => {
    const source = await runtime.submit('trip.book', null)
    const [key, flight] = (await source.result()) as string[]
    const [step] = await source.steps()
    const fork = await source.fork({ through: step?.ordinal ?? -1 })
    assert.deepEqual(((await fork.result()) as string[]).slice(0, 2), [key, flight])
  }))

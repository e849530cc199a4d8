// Sagas and cancels as a user of them sees them: a real runtime with SQLite, asked over HTTP, restarted in the middle.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { PauseError, TerminalError, type StepContext } from '@biplane/realm'

import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts'
import { systemClock } from '../system.ts'
import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, heedful, realmOf } from './test-realm.ts'
import { Lives } from './testing/lives.ts'

test('a failing saga undoes its steps in reverse, each knowing whether it had happened', async () => {
  const undone: unknown[] = []
  const realm = realmOf(async (ctx) => {
    await ctx.step('stock', () => ({ reserved: 3 }), {
      undo: ({ result, outcome }) => undone.push(['stock', outcome, result]),
    })
    await ctx.step('free', () => 1)
    await ctx.step(
      'pay',
      () => {
        throw new TerminalError('card.declined', 'no funds')
      },
      { undo: ({ outcome }) => undone.push(['pay', outcome]) },
    )
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.run(session, 'test.do')
  assert.equal(execution.status, 'failed')
  assert.equal(execution.compensated, true)
  assert.deepEqual(execution.error, { code: 'card.declined', message: 'no funds' })
  assert.deepEqual(undone, [
    ['pay', 'unknown'],
    ['stock', 'done', { reserved: 3 }],
  ])
  const types = await runtime.types(session)
  assert.deepEqual(types.slice(-4), ['saga.compensating', 'saga.step_undone', 'saga.step_undone', 'execution.failed'])
})

test('an undo of a step that the process died in the middle of is told that nobody knows whether it happened', async () => {
  const told: unknown[] = []
  const inBody = gate()
  const realm = realmOf((ctx) =>
    ctx.step(
      'charge',
      ({ signal }) => {
        inBody.reached++
        inBody.open()
        return heedful(signal)
      },
      { undo: ({ outcome, result }) => told.push([outcome, result]) },
    ),
  )
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'biplane-saga-'))
  stack.defer(() => rm(folder, { recursive: true }))
  const store = await openSqliteStore({ folder, clock: systemClock })
  stack.defer(() => store.close())
  const lives = new Lives([realm], store)
  await using first = await lives.begin()
  const id = await first.runtime.begin(await first.runtime.session(), 'test.do')
  await inBody.passed
  // The body is not told to stop any more, and the cancel keeps it from being run again.
  await Promise.all([first.diesAt('execution.cancelling', 'after'), first.runtime.operate(id, 'cancel')])
  await using second = await lives.begin()
  const { status, compensated } = await second.runtime.until(id)
  assert.deepEqual([status, compensated, told, inBody.reached], ['cancelled', true, [['unknown', undefined]], 1])
})

test('an undo takes back state that its execution wrote, once, through a restart', async () => {
  const hold = gate()
  const realm = realmOf(async (ctx) => {
    await ctx.step('register', () => null, {
      undo: async ({ state }) => {
        const written = await state.tenant.get('product')
        if (written) await state.tenant.compareAndSet('product', written.revision, null)
        if (hold.reached++ === 0) throw new Error('the process is going down')
      },
    })
    await ctx.state.tenant.compareAndSet('product', 0, { name: 'one' })
    throw new TerminalError('test.no', 'no')
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const id = await runtime.begin(session, 'test.do')
  await waitFor(() => hold.reached > 0 || null, 'the undo')
  await runtime.restart()
  const execution = await runtime.until(id)
  assert.deepEqual([execution.status, execution.compensated], ['failed', true])
  const state = await runtime.call('GET', '/api/tenant/acme/state/product')
  assert.equal(state.body.value, null)
  assert.equal((await runtime.types(session)).filter((type) => type === 'saga.step_undone').length, 1)
})

test('an undo that keeps failing parks the execution where an operator sees it', async () => {
  const realm = realmOf(async (ctx) => {
    await ctx.step('stock', () => 1, {
      undo: () => {
        throw new Error('warehouse is closed')
      },
    })
    throw new TerminalError('test.no', 'no')
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.until(await runtime.begin(session, 'test.do'), (status) => status === 'parked')
  assert.match(execution.waits_for ?? '', /undo of step stock failed: .*warehouse is closed/)
})

test('cancel wakes the handler, undoes what was done, and everyone is told the same', async () => {
  const undone: string[] = []
  const realm = realmOf(async (ctx) => {
    await ctx.step('stock', () => 1, { undo: () => undone.push('stock') })
    try {
      await ctx.sleep('1h')
    } finally {
      await ctx.step('clean', () => undone.push('cleaned'))
    }
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const id = await runtime.begin(session, 'test.do')
  await runtime.until(id, (status) => status === 'waiting')
  const answer = await runtime.call('POST', `/api/execution/${id}/cancel?tenant_id=acme`, { reason: 'changed my mind' })
  assert.equal(answer.status, 202)
  const execution = await runtime.until(id)
  assert.equal(execution.status, 'cancelled')
  assert.equal(execution.compensated, true)
  assert.deepEqual(undone, ['cleaned', 'stock'])
  const again = await runtime.call('POST', `/api/execution/${id}/cancel?tenant_id=acme`, {})
  assert.deepEqual([again.status, again.body.status], [202, 'cancelled'])
  const last = (await runtime.events(session)).at(-1)
  assert.deepEqual(last?.data, { compensated: true, reason: 'changed my mind' })
})

test('a killed execution is undone without asking its handler', async () => {
  const seen: string[] = []
  const realm = realmOf(async (ctx) => {
    await ctx.step('stock', () => 1, { undo: () => seen.push('undone') })
    try {
      await ctx.step('hang', ({ signal }: StepContext) => heedful(signal))
    } catch {
      seen.push('handler saw it')
    }
  })
  await using runtime = await TestRuntime.start([realm])
  const id = await runtime.begin(await runtime.session(), 'test.do')
  await waitFor(async () => ((await runtime.execution(id)).steps.length > 0 ? true : null), 'the first step')
  await runtime.call('POST', `/api/execution/${id}/cancel?tenant_id=acme`, { mode: 'kill' })
  const execution = await runtime.until(id)
  assert.equal(execution.status, 'cancelled')
  assert.deepEqual(seen, ['undone'])
})

test('a completed execution cannot be cancelled', async () => {
  await using runtime = await TestRuntime.start([realmOf(async () => 'done')])
  const execution = await runtime.run(await runtime.session(), 'test.do')
  const answer = await runtime.call('POST', `/api/execution/${execution.execution_id}/cancel?tenant_id=acme`, {})
  assert.deepEqual([answer.status, answer.body.code], [409, 'execution_final'])
})

test('a cancel that comes while the runtime is down for a paused execution undoes it', async () => {
  const undone: string[] = []
  let looks = 0
  const realm = realmOf(async (ctx) => {
    await ctx.step('stock', () => 1, { undo: () => undone.push('stock') })
    await ctx.step('look', () => {
      looks++
      throw new PauseError('test.look', 'a person must look')
    })
  })
  await using runtime = await TestRuntime.start([realm])
  const id = await runtime.begin(await runtime.session(), 'test.do')
  const paused = await runtime.until(id, (status) => status === 'paused')
  assert.equal(paused.waits_for, 'a person must look')
  assert.equal(looks, 1)
  await runtime.restart()
  await runtime.call('POST', `/api/execution/${id}/cancel?tenant_id=acme`, {})
  const cancelled = await runtime.until(id)
  assert.deepEqual([cancelled.status, cancelled.error, cancelled.waits_for], ['cancelled', null, null])
  assert.deepEqual(undone, ['stock'])
})

test('an undo is given what its step returned, whatever its handler made of that', async () => {
  const undone: unknown[] = []
  const realm = realmOf(async (ctx) => {
    const seats = await ctx.step('reserve', () => ['4a', '4b'], { undo: ({ result }) => undone.push(result) })
    seats.pop()
    throw new TerminalError('no.more', `Only ${seats.join()} is needed.`)
  })
  await using runtime = await TestRuntime.start([realm])
  await runtime.run(await runtime.session(), 'test.do')
  assert.deepEqual(undone, [['4a', '4b']])
})

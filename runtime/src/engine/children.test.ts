import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ChildFailed, type Context, TerminalError, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { StorageFull } from '../store/error.ts'
import { MemoryStore } from '../store/memory/memory-store.ts'
import type { AcceptIntent } from '../store/port.ts'
import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, heedful, realmWith } from './test-realm.ts'

test('a parent gets what its child returned, and the child is an execution of its own in the same session', async () => {
  const realm = realmWith({
    parent: async (ctx) => ctx.call('test.child', { n: 20 }),
    child: async (ctx, { n }) => ctx.step('double', () => Number(n) * 2),
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const { result, children, execution_id } = await runtime.run(session, 'test.parent')
  assert.equal(result, 40)
  const [child] = children
  assert.deepEqual([children.length, child?.intent_type, child?.status], [1, 'test.child', 'completed'])
  const { parent_id, session_id } = await runtime.execution(child?.execution_id ?? '')
  assert.deepEqual([parent_id, session_id], [execution_id, session])
})

test('a parent waits for its child through a restart, and is woken by its end', async () => {
  const realm = realmWith({
    parent: async (ctx) => [await ctx.call('test.child', {}), await ctx.call('test.child', {})],
    child: async (ctx) => (await ctx.waitFor('go')).payload,
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const parent = await runtime.begin(session, 'test.parent')
  for (const [i, payload] of ['first', 'second'].entries()) {
    const child = await waitFor(async () => {
      const { status, children } = await runtime.execution(parent)
      return status === 'waiting' ? (children[i]?.execution_id ?? null) : null
    }, 'a child')
    await runtime.until(child, (status) => status === 'waiting')
    await runtime.restart()
    await runtime.operate(child, 'signal', { name: 'go', payload })
  }
  assert.deepEqual((await runtime.until(parent)).result, ['first', 'second'])
  const accepted = (await runtime.types(session)).filter((type) => type === 'intent.accepted')
  assert.equal(accepted.length, 3)
})

test('a child that fails makes its call fail with its code, and the parent may go on', async () => {
  const realm = realmWith({
    parent: async (ctx) => {
      const failed = await ctx.call('test.child', {}).catch((error: unknown) => error)
      return failed instanceof ChildFailed ? [failed.code, failed.message] : 'no'
    },
    child: async () => Promise.reject(new TerminalError('card.declined', 'The card was declined.')),
  })
  await using runtime = await TestRuntime.start([realm])
  const { result } = await runtime.run(await runtime.session(), 'test.parent')
  assert.deepEqual(result, ['card.declined', 'The card was declined.'])
})

test('a call that no realm answers, or whose payload does not fit, fails at once', async () => {
  const realm = realmWith({
    parent: async (ctx) => {
      const code = (error: unknown) => (error as ChildFailed).code
      return [await ctx.call('nobody.there', {}).catch(code), await ctx.call('test.parent', 'no object').catch(code)]
    },
  })
  await using runtime = await TestRuntime.start([realm])
  const { result } = await runtime.run(await runtime.session(), 'test.parent')
  assert.deepEqual(result, ['intent_type_unknown', 'payload_invalid'])
})

test('a detached child lives on when its parent has ended, and over a restart', async () => {
  const opened = gate()
  const realm = realmWith({
    parent: async (ctx) => ctx.call('test.child', {}, { detached: true }),
    child: async (ctx) => ctx.step('work', ({ signal }) => Promise.race([opened.passed, heedful(signal)])),
  })
  await using runtime = await TestRuntime.start([realm])
  const { result, status } = await runtime.run(await runtime.session(), 'test.parent')
  assert.equal(status, 'completed')
  assert.equal((await runtime.execution(String(result))).status, 'running')
  await runtime.restart()
  assert.equal((await runtime.execution(String(result))).status, 'running')
  opened.open()
  assert.equal((await runtime.until(String(result))).status, 'completed')
})

test('a cancel goes down the tree, and the undos run from the leaves up', async () => {
  const undone: string[] = []
  const level = (name: string, next: string | null) => async (ctx: Context) => {
    await ctx.step(`${name} does`, () => name, { undo: () => undone.push(name) })
    if (next) await ctx.call(next, {})
    else await ctx.step('works', (step) => heedful(step.signal))
  }
  const realm = realmWith({
    top: level('top', 'test.middle'),
    middle: level('middle', 'test.leaf'),
    leaf: level('leaf', null),
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const top = await runtime.begin(session, 'test.top')
  await waitFor(async () => {
    const events = await runtime.events(session)
    return events.filter(({ type }) => type === 'step.completed').length === 3 || null
  }, 'three levels')
  await runtime.operate(top, 'cancel', { reason: 'changed my mind' })
  assert.equal((await runtime.until(top)).status, 'cancelled')
  assert.deepEqual(undone, ['leaf', 'middle', 'top'])
  const ends = (await runtime.types(session)).filter((type) => type === 'execution.cancelled')
  assert.equal(ends.length, 3)
})

test('a cancel goes down a tree that waits since before a restart, and ends after another one that comes in its middle', async () => {
  const undone: string[] = []
  const tidied = gate()
  let isTidying = false
  const level = (name: string, next: string | null) => async (ctx: Context) => {
    await ctx.step(`${name} does`, () => name, { undo: () => undone.push(name) })
    if (next) return ctx.call(next, {})
    try {
      return await ctx.waitFor('never')
    } finally {
      await ctx.step('tidy', (step) => {
        isTidying = true
        return Promise.race([tidied.passed, heedful(step.signal)])
      })
    }
  }
  const realm = realmWith({
    top: level('top', 'test.middle'),
    middle: level('middle', 'test.leaf'),
    leaf: level('leaf', null),
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const top = await runtime.begin(session, 'test.top')
  const tellers = async (type: string) => (await runtime.events(session)).filter((event) => event.type === type)
  await waitFor(async () => (await tellers('signal.awaited')).length > 0 || null, 'the leaf')
  await runtime.restart()
  await runtime.operate(top, 'cancel', { reason: 'changed my mind' })
  await waitFor(() => isTidying || null, 'the leaf to hear of it')
  await runtime.restart()
  tidied.open()
  assert.equal((await runtime.until(top)).status, 'cancelled')
  assert.deepEqual(undone, ['leaf', 'middle', 'top'])
  assert.deepEqual(
    (await tellers('execution.cancelled')).map(({ data }) => (data as { reason?: string }).reason),
    Array.from({ length: 3 }, () => 'changed my mind'),
  )
})

test('children that are not waited for any more are cancelled when their parent ends', async () => {
  const realm = realmWith({
    parent: async (ctx) => Promise.race([ctx.call('test.slow', {}), ctx.call('test.quick', {})]),
    slow: async (ctx) => ctx.waitFor('never'),
    quick: async () => 'quick',
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const { result, children } = await runtime.run(session, 'test.parent')
  assert.equal(result, 'quick')
  const slow = children.find(({ intent_type }) => intent_type === 'test.slow')
  assert.equal((await runtime.until(slow?.execution_id ?? '')).status, 'cancelled')
})

test('what a child did is taken back when its parent fails later', async () => {
  const undone: unknown[] = []
  const realm = realmWith({
    parent: async (ctx) => {
      await ctx.call('test.book', {}, { undo: ({ result, outcome }) => undone.push([result, outcome]) })
      throw new TerminalError('no.seat', 'There is no seat.')
    },
    book: async () => 'booking 7',
  })
  await using runtime = await TestRuntime.start([realm])
  const { status, compensated } = await runtime.run(await runtime.session(), 'test.parent')
  assert.deepEqual([status, compensated], ['failed', true])
  assert.deepEqual(undone, [['booking 7', 'done']])
})

test('executions that call each other without end are stopped', async () => {
  const realm = realmWith({ again: async (ctx) => ctx.call('test.again', {}) })
  await using runtime = await TestRuntime.start([realm])
  const { status, error } = await runtime.run(await runtime.session(), 'test.again')
  assert.deepEqual([status, error?.code], ['failed', 'call.too_deep'])
})

test('a session that is closing still takes the children of what runs in it', async () => {
  const opened = gate()
  const realm = realmWith({
    parent: async (ctx) => {
      await ctx.step('wait', () => opened.passed)
      return ctx.call('test.child', {})
    },
    child: async () => 'done',
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const parent = await runtime.begin(session, 'test.parent')
  await runtime.call('POST', `/api/session/${session}/close`, { tenant_id: 'acme' })
  opened.open()
  assert.equal((await runtime.until(parent)).result, 'done')
  assert.equal((await runtime.types(session)).at(-1), 'session.closed')
})

test('a child that is cancelled with its parent takes back itself what it did, and its parent does not', async () => {
  const undone: string[] = []
  const realm = realmWith({
    parent: async (ctx) => ctx.call('test.child', {}, { undo: ({ outcome }) => undone.push(`child ${outcome}`) }),
    child: async (ctx) => {
      await ctx.step('reserve', () => 1, { undo: () => undone.push('reserve') })
      await ctx.waitFor('never')
    },
  })
  await using runtime = await TestRuntime.start([realm])
  const parent = await runtime.begin(await runtime.session(), 'test.parent')
  await waitFor(async () => {
    const [child] = (await runtime.execution(parent)).children
    return child && (await runtime.execution(child.execution_id)).status === 'waiting' ? true : null
  }, 'the child')
  await runtime.restart()
  await runtime.operate(parent, 'cancel')
  const { status, children } = await runtime.until(parent)
  assert.deepEqual([status, children[0]?.status, undone], ['cancelled', 'cancelled', ['reserve']])
})

test('a child of one whose time is up is cancelled for that, and is not said to have taken too long', async () => {
  const realm = defineRealm({
    name: 'test',
    version: '1',
    capabilities: [
      intent('test.parent', {
        payload: z.unknown(),
        result: z.unknown(),
        timeout: 150,
        run: (ctx) => ctx.call('test.child', {}),
      }),
      intent('test.child', { payload: z.unknown(), result: z.unknown(), run: (ctx) => ctx.waitFor('never') }),
    ],
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const parent = await runtime.run(session, 'test.parent')
  assert.equal(parent.error?.code, 'execution.timed_out')
  const child = await runtime.until(parent.children[0]?.execution_id ?? '')
  assert.deepEqual([child.status, child.error], ['cancelled', null])
  const cancelled = (await runtime.events(session)).find(
    (event) => event.type === 'execution.cancelled' && event.subject === child.execution_id,
  )
  assert.deepEqual(cancelled?.data, { compensated: false, reason: 'test.parent took longer than it may.' })
})

test('a parent whose child cannot be recorded because the disk is full goes on when there is room again', async () => {
  const realm = realmWith({
    parent: async (ctx) => ctx.call('test.child', {}),
    child: async () => 'done',
  })
  const store = new MemoryStore({ now: () => Date.now() })
  let refusals = 1
  const full = new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...ask: unknown[]) => unknown
      return (...ask: unknown[]) => {
        const { execution } = (ask[0] ?? {}) as Partial<AcceptIntent>
        const isChild = name === 'acceptIntent' && execution?.parent_id
        return isChild && refusals-- > 0 ? Promise.reject(new StorageFull('full')) : method.apply(target, ask)
      }
    },
  })
  await using runtime = await TestRuntime.start([realm], { store: full })
  const { result, children } = await runtime.run(await runtime.session(), 'test.parent')
  assert.deepEqual([result, children.length], ['done', 1])
})

// Two things that come to an execution at one moment: each is told what became of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { TerminalError, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { TestRuntime } from '../test-runtime.ts'
import { gate, realmOf } from './test-realm.ts'
import { Lives } from './testing/lives.ts'

test('a signal that comes as the execution ends is refused, and is not in its log', async () => {
  const opened = gate()
  const realm = realmOf(async (ctx) => ctx.step('work', () => opened.passed))
  await using life = await new Lives([realm]).begin()
  const { runtime } = life
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  const end = life.keepAnswerTo('execution.completed')
  opened.open()
  await end.carriedOut
  const sent = runtime.operate(execution, 'signal', { name: 'late' })
  // It is on its way to the store, where the end is already; then its process hears of the end.
  await runtime.execution(execution)
  end.letGo()
  const { status, body } = await sent
  assert.deepEqual([status, body.code], [409, 'execution_final'])
  assert.ok(!(await runtime.types(session)).includes('signal.received'))
})

test('a cancel that comes as the execution ends is told how it ended', async () => {
  const opened = gate()
  const realm = realmOf(async (ctx) => ctx.step('work', () => opened.passed))
  await using life = await new Lives([realm]).begin()
  const { runtime } = life
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  const end = life.keepAnswerTo('execution.completed')
  opened.open()
  await end.carriedOut
  const sent = runtime.operate(execution, 'cancel')
  await runtime.execution(execution)
  end.letGo()
  assert.deepEqual(
    [(await sent).body.code, (await runtime.execution(execution)).status],
    ['execution_final', 'completed'],
  )
  assert.ok(!(await runtime.types(session)).includes('execution.cancelling'))
})

test('a signal that comes while the execution is being undone is kept, and wakes nobody', async () => {
  const [undoing, opened] = [gate(), gate()]
  const realm = realmOf(async (ctx) => {
    const undo = async () => {
      undoing.open()
      await opened.passed
    }
    await ctx.step('reserve', () => 1, { undo })
    const fail = ctx.step('fail', () => Promise.reject(new TerminalError('no.more', 'No more.')))
    await Promise.all([ctx.waitFor('go'), ctx.waitFor('also', { within: 1 }), fail])
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  await undoing.passed
  assert.equal((await runtime.operate(execution, 'signal', { name: 'go' })).status, 202)
  opened.open()
  const { status, compensated } = await runtime.until(execution)
  assert.deepEqual([status, compensated], ['failed', true])
  const types = await runtime.types(session)
  assert.ok(types.includes('signal.received') && !types.includes('signal.taken'))
})

test('a child whose parent ran out of time is cancelled, and has not run out of its own', async () => {
  const about = { payload: z.unknown(), result: z.unknown() }
  const realm = defineRealm({
    name: 'test',
    version: '1',
    capabilities: [
      intent('test.parent', { ...about, timeout: 200, run: (ctx) => ctx.call('test.child', {}) }),
      intent('test.child', { ...about, run: (ctx) => ctx.waitFor('never') }),
    ],
  })
  await using runtime = await TestRuntime.start([realm])
  const { status, error, children } = await runtime.run(await runtime.session(), 'test.parent')
  assert.deepEqual([status, error?.code], ['failed', 'execution.timed_out'])
  assert.equal((await runtime.until(children[0]?.execution_id ?? '')).status, 'cancelled')
})

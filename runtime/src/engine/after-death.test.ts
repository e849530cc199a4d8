// What a process leaves half done when it dies is done by the next one.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { DEATHS_MAX } from './limits.ts'
import { gate, heedful, limitedRealm, realmWith } from './test-realm.ts'
import { type Life, Lives } from './testing/lives.ts'

const childOf = async ({ runtime }: Life, parent: string) => {
  const { children } = await runtime.execution(parent)
  return children[0]?.execution_id ?? assert.fail('no child')
}

test('a child whose parent ended as the process died is cancelled by the next one', async () => {
  const realm = realmWith({
    parent: async (ctx) => Promise.race([ctx.call('test.slow', {}), ctx.step('quick', () => 'quick')]),
    slow: async (ctx) => ctx.waitFor('never'),
  })
  const lives = new Lives([realm])
  await using first = await lives.begin()
  const died = first.diesAt('execution.cancelling', 'before')
  const parent = await first.runtime.begin(await first.runtime.session(), 'test.parent')
  await died
  await using second = await lives.begin()
  assert.equal((await second.runtime.execution(parent)).status, 'completed')
  const child = await childOf(second, parent)
  assert.equal((await second.runtime.until(child)).status, 'cancelled')
})

test('a cancel that was recorded before the process died goes on down the tree, whatever the parent does about it', async () => {
  const begun = gate()
  const realm = realmWith({
    parent: async (ctx) => ctx.call('test.child', {}).catch(() => ctx.waitFor('cleaned')),
    child: async (ctx) => {
      begun.open()
      await ctx.waitFor('never')
    },
  })
  const lives = new Lives([realm])
  await using first = await lives.begin()
  const parent = await first.runtime.begin(await first.runtime.session(), 'test.parent')
  await begun.passed
  const died = first.diesAt('execution.cancelling', 'after')
  const asked = first.runtime.operate(parent, 'cancel', { reason: 'enough' })
  await Promise.all([died, asked])
  await using second = await lives.begin()
  assert.equal((await second.runtime.until(await childOf(second, parent))).status, 'cancelled')
  await second.runtime.operate(parent, 'signal', { name: 'cleaned' })
  assert.equal((await second.runtime.until(parent)).status, 'cancelled')
})

test('a signal that was recorded as the process died is handed to its wait once', async () => {
  const taken: unknown[] = []
  const realm = realmWith({
    do: async (ctx) => {
      const { payload } = await ctx.waitFor('paid')
      await ctx.step('book', () => taken.push(payload))
      return payload
    },
  })
  const lives = new Lives([realm])
  await using first = await lives.begin()
  const execution = await first.runtime.begin(await first.runtime.session(), 'test.do')
  await first.runtime.until(execution, (status) => status === 'waiting')
  const died = first.diesAt('signal.taken', 'after')
  const sent = { name: 'paid', payload: 7, signal_id: 'psp-1' }
  await Promise.all([died, first.runtime.operate(execution, 'signal', sent)])
  await using second = await lives.begin()
  assert.equal((await second.runtime.operate(execution, 'signal', sent)).status, 202)
  assert.deepEqual([(await second.runtime.until(execution)).result, taken], [7, [7]])
})

test('a parent that shares a limit hears of the end of its child, however often the process dies over it', async () => {
  const realm = limitedRealm({ concurrency: 2 }, async (ctx, { isChild }) =>
    isChild ? (await ctx.waitFor('go')).payload : ctx.call('test.do', { isChild: true }),
  )
  const lives = new Lives([realm])
  await using first = await lives.begin()
  const parent = await first.runtime.begin(await first.runtime.session(), 'test.do')
  await first.runtime.until(parent, (status) => status === 'waiting')
  const died = first.diesAt('execution.completed', 'after')
  const sent = first.runtime.operate(await childOf(first, parent), 'signal', { name: 'go', payload: 'gone' })
  await Promise.all([died, sent])
  await using second = await lives.begin('child.returned')
  await second.died
  await using third = await lives.begin()
  assert.equal((await third.runtime.until(parent)).result, 'gone')
})

/** A saga with a child. Its last step kills the process, when it is let. */
function deadlySaga() {
  const undone: string[] = []
  const deadly = { step: gate() }
  const realm = realmWith({
    do: async (ctx) => {
      await ctx.step('a', () => 1, { undo: () => undone.push('a') })
      await ctx.step('b', () => 2, { undo: () => undone.push('b') })
      const kill = ctx.step('kill', async (step) => {
        await Promise.race([deadly.step.passed, heedful(step.signal)])
        step.progress({ done: 1 })
        await heedful(step.signal)
      })
      await Promise.all([ctx.call('test.child', {}), kill])
    },
    child: async (ctx) => ctx.waitFor('never'),
  })
  return { undone, deadly, realm }
}

/** It has killed so many processes that the last one finds it parked. */
async function poisoned({ realm, deadly }: ReturnType<typeof deadlySaga>) {
  const lives = new Lives([realm])
  let execution = ''
  for (let deaths = 0; deaths < DEATHS_MAX; deaths++) {
    deadly.step = gate()
    await using life = await lives.begin()
    const died = life.diesAt('execution.progress', 'before')
    if (deaths === 0) execution = await life.runtime.begin(await life.runtime.session(), 'test.do')
    deadly.step.open()
    await died
  }
  const last = await lives.begin()
  await last.runtime.until(execution, (status) => status === 'parked')
  return { last, execution }
}

test('a parked execution that a person ends as it is leaves no child behind', async () => {
  const saga = deadlySaga()
  const { last, execution } = await poisoned(saga)
  await using _ = last
  const child = await childOf(last, execution)
  assert.equal((await last.runtime.operate(execution, 'settle', { reason: 'written off' })).body.status, 'failed')
  assert.equal((await last.runtime.until(child)).status, 'cancelled')
  assert.deepEqual(saga.undone, [])
})

test('of an execution that was parked for killing its process, a step that is settled by hand is not undone, and the others are', async () => {
  const saga = deadlySaga()
  const { last, execution } = await poisoned(saga)
  await using _ = last
  await last.runtime.operate(execution, 'settle', { step: 0, reason: 'by telephone' })
  const { status, compensated, error } = await last.runtime.until(execution)
  assert.deepEqual([status, compensated, error?.code, saga.undone], ['failed', true, 'execution.poisoned', ['b']])
})

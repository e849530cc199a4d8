import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Context, WaitExpired } from '@biplane/realm'
import * as z from 'zod'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, realmOf } from './test-realm.ts'

const asked = (ctx: Context) => ctx.approval('refund', { assignee: 'finance', title: 'Refund of 120 euros' })
const isWaiting = (status: string) => status === 'waiting'

test('a signal is handed to the execution that waits for it, also when the process was away meanwhile', async () => {
  await using runtime = await TestRuntime.start([realmOf(async (ctx) => ctx.waitFor('paid'))])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  const { waits_for, awaits } = await runtime.until(execution, isWaiting)
  assert.equal(waits_for, 'the signal "paid"')
  assert.deepEqual(awaits, [{ ordinal: 0, name: 'paid' }])
  await runtime.restart()
  const sent = { name: 'paid', payload: { amount: 120 }, signal_id: 'psp-1', reason: 'webhook' }
  const answer = await runtime.operate(execution, 'signal', sent)
  assert.deepEqual([answer.status, answer.body.signal_id], [202, 'psp-1'])
  const { status, result } = await runtime.until(execution)
  const { at_ms, ...signal } = result as { at_ms: number }
  assert.deepEqual(signal, { payload: { amount: 120 }, id: 'psp-1', reason: 'webhook' })
  assert.deepEqual([status, Number.isInteger(at_ms)], ['completed', true])
})

test('a signal that comes before its wait is kept for it, through a restart', async () => {
  const ready = gate()
  const realm = realmOf(async (ctx) => {
    await ctx.step('prepare', () => ready.passed)
    return (await ctx.waitFor('go')).payload
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  await runtime.operate(execution, 'signal', { name: 'go', payload: 'early' })
  await runtime.restart()
  ready.open()
  assert.equal((await runtime.until(execution)).result, 'early')
})

test('a signal that is sent again with its id is one signal, and one after the end is refused', async () => {
  const realm = realmOf(async (ctx) => [(await ctx.waitFor('n')).payload, (await ctx.waitFor('n')).payload])
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  const send = (payload: number, signal_id: string) =>
    runtime.operate(execution, 'signal', { name: 'n', payload, signal_id })
  await Promise.all([send(1, 'a'), send(1, 'a'), send(1, 'a')])
  await runtime.until(execution, isWaiting)
  await send(2, 'b')
  assert.deepEqual((await runtime.until(execution)).result, [1, 2])
  assert.deepEqual([(await send(1, 'a')).status, (await send(3, 'c')).body.code], [202, 'execution_final'])
  const received = (await runtime.types(session)).filter((type) => type === 'signal.received')
  assert.equal(received.length, 2)
})

test('a wait takes the signal that fits its schema and leaves the others', async () => {
  const realm = realmOf(async (ctx) => (await ctx.waitFor('n', { payload: z.number() })).payload)
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  await runtime.operate(execution, 'signal', { name: 'n', payload: 'seven' })
  await runtime.until(execution, isWaiting)
  await runtime.operate(execution, 'signal', { name: 'n', payload: 7 })
  assert.equal((await runtime.until(execution)).result, 7)
})

test('a wait that nobody ends expires, and the handler may go on without it', async () => {
  const realm = realmOf(async (ctx) => {
    const told = await ctx.waitFor('told', { within: 30 }).catch((error: unknown) => error)
    return told instanceof WaitExpired ? 'nobody' : 'somebody'
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  assert.equal((await runtime.run(session, 'test.do')).result, 'nobody')
  assert.ok((await runtime.types(session)).includes('signal.expired'))
})

test('of a signal and a timer the first one wins, the same after a restart', async () => {
  const realm = realmOf(async (ctx) => {
    const first = await Promise.race([ctx.waitFor('now').then(() => 'signal'), ctx.sleep(30).then(() => 'timer')])
    await ctx.waitFor('end')
    return first
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const [timer, signal] = [await runtime.begin(session, 'test.do'), await runtime.begin(session, 'test.do')]
  await runtime.operate(signal, 'signal', { name: 'now' })
  const raced = async (id: string) => (await runtime.until(id, isWaiting)).awaits.some(({ name }) => name === 'end')
  while (!((await raced(timer)) && (await raced(signal)))) await runtime.events(session)
  await runtime.restart()
  for (const id of [timer, signal]) await runtime.operate(id, 'signal', { name: 'end' })
  assert.equal((await runtime.until(timer)).result, 'timer')
  assert.equal((await runtime.until(signal)).result, 'signal')
})

test('an approval says in the log who is asked, who decided, when and why', async () => {
  await using runtime = await TestRuntime.start([realmOf(async (ctx) => (await asked(ctx)).reason ?? null)])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  const { awaits, waits_for } = await runtime.until(execution, isWaiting)
  const approval = { assignee: 'finance', title: 'Refund of 120 euros' }
  assert.deepEqual(awaits, [{ ordinal: 0, name: 'refund', approval }])
  assert.equal(waits_for, 'the approval "refund" of finance')
  await runtime.restart()
  await runtime.operate(execution, 'signal', { name: 'refund', approved: true, reason: 'goodwill' })
  assert.equal((await runtime.until(execution)).result, 'goodwill')
  const taken = (await runtime.events(session)).find(({ type }) => type === 'signal.taken')
  assert.ok(taken?.kind === 'signal' && taken.type === 'signal.taken')
  assert.deepEqual([taken.data.name, taken.data.approved, taken.data.reason], ['refund', true, 'goodwill'])
})

test('an approval that is refused fails the execution with the reason, and undoes what was done', async () => {
  const undone: string[] = []
  const realm = realmOf(async (ctx) => {
    await ctx.step('reserve', () => 1, { undo: () => undone.push('reserve') })
    await asked(ctx)
  })
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  await runtime.until(execution, isWaiting)
  await runtime.operate(execution, 'signal', { name: 'refund', approved: false, reason: 'too late' })
  const { status, error, compensated } = await runtime.until(execution)
  assert.deepEqual([status, error?.code, compensated], ['failed', 'approval.refused', true])
  assert.match(error?.message ?? '', /too late/)
  assert.deepEqual(undone, ['reserve'])
})

test('the first decision of an approval counts, and a later one is told so', async () => {
  const realm = realmOf(async (ctx) => {
    await asked(ctx)
    await ctx.waitFor('end')
    return 'approved'
  })
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  const decide = (approved: boolean, signal_id: string) =>
    runtime.operate(execution, 'signal', { name: 'refund', approved, signal_id })
  await decide(true, 'a')
  await runtime.until(execution, isWaiting)
  assert.equal((await decide(true, 'a')).status, 202)
  const late = await decide(false, 'b')
  assert.deepEqual([late.status, late.body.code], [409, 'approval_decided'])
  await runtime.operate(execution, 'signal', { name: 'end' })
  assert.equal((await runtime.until(execution)).result, 'approved')
})

test('two approvals of one name that are asked at once take a decision each', async () => {
  const realm = realmOf(async (ctx) => {
    const both = await Promise.all([ctx.approval('sign'), ctx.approval('sign')])
    return both.map(({ reason }) => reason)
  })
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  await runtime.until(execution, isWaiting)
  const sign = (reason: string) => runtime.operate(execution, 'signal', { name: 'sign', approved: true, reason })
  assert.equal((await sign('one')).status, 202)
  await runtime.restart()
  assert.equal((await sign('two')).status, 202)
  assert.deepEqual((await runtime.until(execution)).result, ['one', 'two'])
})

test('a wait that has the name of an approval is not one, before a restart and after it', async () => {
  const realm = realmOf(async (ctx) => {
    await ctx.approval('ship')
    const { payload } = await ctx.waitFor('ship')
    await ctx.waitFor('go')
    return payload
  })
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  const awaits = (name: string) =>
    waitFor(async () => {
      const { status, awaits: waiting } = await runtime.execution(execution)
      return (status === 'waiting' && waiting.some((each) => each.name === name)) || null
    }, name)
  await awaits('ship')
  await runtime.operate(execution, 'signal', { name: 'ship', approved: true })
  await awaits('ship')
  await runtime.operate(execution, 'signal', { name: 'ship', payload: 'by sea' })
  await awaits('go')
  await runtime.restart()
  await runtime.operate(execution, 'signal', { name: 'go' })
  const { status, result } = await runtime.until(execution)
  assert.deepEqual([status, result], ['completed', 'by sea'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Context } from '@biplane/realm'

import { TestRuntime } from '../test-runtime.ts'
import { realmOf } from './test-realm.ts'

const isWaiting = (status: string) => status === 'waiting'
const one = realmOf(async (ctx) => {
  await ctx.step('one', () => 1)
  return [1, (await ctx.waitFor('go')).payload]
})
const two = realmOf(async (ctx: Context) => {
  await ctx.step('two', () => 2)
  return [2, (await ctx.waitFor('go')).payload]
}, '2')

test('with both versions there, what began on the old one ends on it, and what is new takes the new one', async () => {
  await using runtime = await TestRuntime.start([one])
  const session = await runtime.session()
  const old = await Promise.all(Array.from({ length: 100 }, () => runtime.begin(session, 'test.do')))
  for (const id of old) await runtime.until(id, isWaiting)
  await runtime.restart([two, one])
  const young = await runtime.begin(session, 'test.do')
  await runtime.until(young, isWaiting)
  for (const id of [...old, young]) await runtime.operate(id, 'signal', { name: 'go', payload: id })
  for (const id of old) assert.deepEqual((await runtime.until(id)).result, [1, id])
  assert.deepEqual((await runtime.until(young)).result, [2, young])
})

test('with the old version gone, its executions pause with the difference, and go on when the code is mended', async () => {
  await using runtime = await TestRuntime.start([one])
  const session = await runtime.session()
  const execution = await runtime.begin(session, 'test.do')
  await runtime.until(execution, isWaiting)
  await runtime.restart([two])
  await runtime.operate(execution, 'signal', { name: 'go', payload: 'now' })
  const { error } = await runtime.until(execution, (status) => status === 'paused')
  assert.equal(error?.code, 'handler.diverged')
  assert.match(
    error?.message ?? '',
    /The log has "one" as call 0 of test.do; the handler now makes the call "two" there/,
  )
  await runtime.restart([two])
  assert.equal((await runtime.execution(execution)).status, 'paused')
  await runtime.restart([realmOf(one.capabilities[0]?.run as never, '3')])
  assert.deepEqual((await runtime.until(execution)).result, [1, 'now'])
  const types = (await runtime.types(session)).filter((type) => /paused|continued/.test(type))
  assert.deepEqual(types, ['execution.paused', 'execution.continued'])
})

test('a signal to an execution that its code has stopped is kept until it goes on', async () => {
  const broken = realmOf(async (ctx) => ctx.step('other', () => 0), '2')
  await using runtime = await TestRuntime.start([one])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  await runtime.until(execution, isWaiting)
  await runtime.operate(execution, 'pause')
  await runtime.restart([broken])
  await runtime.operate(execution, 'resume')
  await runtime.until(execution, (status) => status === 'paused')
  const kept = await runtime.operate(execution, 'signal', { name: 'go', payload: 'kept' })
  assert.equal(kept.status, 202)
  await runtime.restart([one])
  assert.deepEqual((await runtime.until(execution)).result, [1, 'kept'])
})

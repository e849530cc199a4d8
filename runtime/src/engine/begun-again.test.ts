// A key names one request: to do something again is another one than to do it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { TestRuntime } from '../test-runtime.ts'
import { realmOf } from './test-realm.ts'

const withKey = (runtime: TestRuntime, execution: string, verb: string, key: string, body: object = {}) =>
  runtime.call(
    'POST',
    `/api/execution/${execution}/${verb}`,
    { tenant_id: 'acme', ...body },
    { 'idempotency-key': key },
  )

test('a key that was used for something else is refused by a retry and a fork, and begins nothing', async () => {
  const realm = realmOf(async (ctx) => {
    await ctx.step('a', () => 1)
    return ctx.step('b', () => 2)
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const submit = { intent_type: 'test.do', realm: 'test', session_id: session, tenant_id: 'acme', payload: {} }
  const { body } = await runtime.call('POST', '/api/intent/submit', submit, { 'idempotency-key': 'order-7' })
  const done = await runtime.until(body.execution_id)
  const retried = await withKey(runtime, done.execution_id, 'retry', 'again-7')
  assert.equal(retried.status, 202)
  await runtime.restart()
  const refused = [
    await withKey(runtime, done.execution_id, 'retry', 'order-7'),
    await withKey(runtime, done.execution_id, 'fork', 'order-7'),
    await withKey(runtime, done.execution_id, 'fork', 'again-7'),
    await withKey(runtime, retried.body.execution_id, 'retry', 'again-7'),
    await runtime.call('POST', '/api/intent/submit', submit, { 'idempotency-key': 'again-7' }),
  ]
  assert.deepEqual(
    refused.map((answer) => [answer.status, answer.body.code]),
    refused.map(() => [409, 'idempotency_conflict']),
  )
  const same = await withKey(runtime, done.execution_id, 'retry', 'again-7')
  assert.equal(same.body.execution_id, retried.body.execution_id)
})

test('two forks with one key are one if they share as much, and refused if they do not', async () => {
  const realm = realmOf(async (ctx) => {
    await ctx.step('a', () => 1)
    return ctx.step('b', () => 2)
  })
  await using runtime = await TestRuntime.start([realm])
  const { execution_id } = await runtime.run(await runtime.session(), 'test.do')
  const [one, same, other] = [
    await withKey(runtime, execution_id, 'fork', 'k', { through: 0 }),
    await withKey(runtime, execution_id, 'fork', 'k', { through: 0 }),
    await withKey(runtime, execution_id, 'fork', 'k', { through: 1 }),
  ]
  assert.equal(one.body.execution_id, same.body.execution_id)
  assert.deepEqual([other.status, other.body.code], [409, 'idempotency_conflict'])
})

// What happens to an execution while it is paused is noticed when it goes on.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { realmWith } from './test-realm.ts'

/** Long enough to be paused before, on a busy machine. */
const TIMEOUT_MS = 1_000

test('a child that ended while its parent was paused has returned when the parent goes on, through a restart', async () => {
  const realm = realmWith({
    parent: async (ctx) => ctx.call('test.child', {}),
    child: async (ctx) => (await ctx.waitFor('go')).payload,
  })
  await using runtime = await TestRuntime.start([realm])
  const parent = await runtime.begin(await runtime.session(), 'test.parent')
  const child = await waitFor(
    async () => (await runtime.execution(parent)).children[0]?.execution_id ?? null,
    'a child',
  )
  await runtime.operate(parent, 'pause')
  await runtime.operate(child, 'signal', { name: 'go', payload: 'gone' })
  await runtime.until(child)
  await runtime.restart()
  assert.equal((await runtime.execution(parent)).status, 'paused')
  await runtime.operate(parent, 'resume')
  assert.equal((await runtime.until(parent)).result, 'gone')
})

test('an execution whose time ran out while it was paused is timed out when it goes on', async () => {
  const realm = realmWith({ do: async (ctx) => ctx.waitFor('never') }, { timeout: TIMEOUT_MS })
  await using runtime = await TestRuntime.start([realm])
  const execution = await runtime.begin(await runtime.session(), 'test.do')
  await runtime.operate(execution, 'pause')
  const until = Date.now() + TIMEOUT_MS
  await waitFor(() => Date.now() > until || null, 'the time')
  assert.equal((await runtime.execution(execution)).status, 'paused')
  await runtime.operate(execution, 'resume')
  assert.equal((await runtime.until(execution)).error?.code, 'execution.timed_out')
})

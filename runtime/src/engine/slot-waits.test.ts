import assert from 'node:assert/strict'
import { test } from 'node:test'

import { TestRuntime, waitFor } from '../test-runtime.ts'
import { gate, heedful, limitedRealm } from './test-realm.ts'

test('an approval expires in its time although others have the slots, and a decision that comes later is refused', async () => {
  const [begun, opened] = [gate(), gate()]
  const realm = limitedRealm({ concurrency: 1 }, async (ctx, { asks }) => {
    if (asks) await ctx.approval('refund', { within: 1_500 })
    await ctx.step('work', async (step) => {
      begun.open()
      await Promise.race([opened.passed, heedful(step.signal)])
    })
  })
  await using runtime = await TestRuntime.start([realm])
  const session = await runtime.session()
  const asking = await runtime.begin(session, 'test.do', { asks: true })
  const busy = await runtime.begin(session, 'test.do')
  await begun.passed
  await waitFor(async () => (await runtime.types(session)).includes('signal.expired') || null, 'the expiry')
  assert.equal((await runtime.execution(busy)).status, 'running')
  const late = await runtime.operate(asking, 'signal', { name: 'refund', approved: true })
  assert.deepEqual([late.status, late.body.code], [409, 'approval_decided'])
  opened.open()
  assert.equal((await runtime.until(asking)).error?.code, 'wait.expired')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { BiplaneError, type Client, createClient } from '@biplane/client'
import type { Execution } from '@biplane/protocol'

import { openHouse } from '../testing/house.ts'

/** Asks until the execution stands so. */
async function until(client: Client, id: string, status: Execution['status']): Promise<Execution> {
  for (;;) {
    const execution = await client.execution(id)
    if (execution.status === status) return execution
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function ask(client: Client): Promise<string> {
  const { session_id } = await client.createSession()
  const { execution_id } = await client.submit({ type: 'trial_bench.ask', sessionId: session_id, payload: {} })
  return execution_id
}

test('an execution is operated the same way through the runtime and through the gateway', async () => {
  await using house = await openHouse()
  for (const url of [`${house.runtime.url}/api`, `${house.url}/v1`]) {
    const client = createClient({ url, tenantId: 'acme' })
    const id = await ask(client)
    const { awaits } = await until(client, id, 'waiting')
    assert.deepEqual(awaits, [{ ordinal: 1, name: 'go', approval: { title: 'Shall it go on?' } }])
    assert.equal((await client.pause(id, { reason: 'lunch' })).status, 'paused')
    await client.resume(id)
    await client.approve(id, 'go', { reason: 'looks right', id: 'decision-1' })
    assert.deepEqual((await client.result(id)).result, { reason: 'looks right' })
    await client.approve(id, 'go', { id: 'decision-1' })
    const late = await client.refuse(id, 'go').catch((error: unknown) => error)
    assert.ok(late instanceof BiplaneError)
    assert.equal(late.code, 'execution_final')

    const retried = await client.retry(id)
    assert.equal((await client.retry(id)).execution_id, retried.execution_id)
    await client.refuse(retried.execution_id, 'go', { reason: 'not twice' })
    const refused = await client.result(retried.execution_id)
    assert.deepEqual([refused.status, refused.error?.code, refused.retry_of], ['failed', 'approval.refused', id])
    const forked = await client.fork(retried.execution_id, { through: 0 })
    await client.signal(forked.execution_id, 'other', { payload: { n: 1 } })
    await client.cancel(forked.execution_id, { reason: 'enough' })
    assert.equal((await client.result(forked.execution_id)).status, 'cancelled')
  }
})

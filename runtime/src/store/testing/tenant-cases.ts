import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type OpenSubject, PAGE, TENANT } from './subject.ts'

const KEY = { key: 'order-7', body_hash: 'a'.repeat(64) }
const OTHER = 'other'

export function tenantCases(open: OpenSubject): void {
  test('two tenants use the same keys and intent ids, and each gets what is its own', async () => {
    await using subject = await open()
    const [mine, theirs] = [await subject.session(TENANT), await subject.session(OTHER)]
    const first = subject.acceptCommand(mine, { keys: [KEY] })
    const second = subject.acceptCommand(theirs, { keys: [KEY] }, OTHER)
    second.execution.intent_id = first.execution.intent_id
    assert.equal((await subject.store.acceptIntent(first)).outcome, 'accepted')
    assert.equal((await subject.store.acceptIntent(second)).outcome, 'accepted')
    const again = await subject.store.acceptIntent(subject.acceptCommand(theirs, { keys: [KEY] }, OTHER))
    assert.deepEqual(again, { outcome: 'existing', execution: second.execution })
    const session = await subject.store.createSession(subject.createCommand('third', KEY))
    assert.equal(session.outcome, 'created')
  })

  test("another tenant's session and execution are answered as what does not exist, and are not touched", async () => {
    await using subject = await open()
    const session = await subject.session(TENANT)
    const execution = await subject.execution(session)
    const { store } = subject
    assert.equal(await store.getSession(OTHER, session), null)
    assert.equal(await store.getExecution(OTHER, execution.execution_id), null)
    assert.deepEqual(await subject.closeSession(session, OTHER), { outcome: 'not_found' })
    const intent = subject.acceptCommand(session, { keys: [KEY] }, OTHER)
    assert.deepEqual(await store.acceptIntent(intent), { outcome: 'session_not_found' })
    await assert.rejects(subject.end({ ...execution, tenant_id: OTHER }))
    const taken = subject.createCommand(OTHER)
    await assert.rejects(store.createSession({ ...taken, session: { ...taken.session, session_id: session } }))
    assert.deepEqual(await store.listSessions(OTHER, null, PAGE), { items: [], next: null })
    assert.deepEqual(await store.listExecutions({ tenant_id: OTHER }, null, PAGE), { items: [], next: null })
    const ofSession = await store.listExecutions({ tenant_id: OTHER, session_id: session }, null, PAGE)
    assert.deepEqual(ofSession, { items: [], next: null })

    assert.deepEqual(await subject.types(session), ['session.created', 'intent.accepted'])
    assert.equal((await subject.end(execution)).outcome, 'recorded')
  })

  test('the same state key is another fact in another tenant, and in a session of it', async () => {
    await using subject = await open()
    for (const tenant of [TENANT, OTHER]) {
      const execution = await subject.execution(await subject.session(tenant), tenant)
      const write = { key: 'total', revision: 0 }
      const recorded = await subject.record(execution, {
        state: [
          { ...write, scope: 'tenant', value: `"${tenant}"` },
          { ...write, scope: 'session', value: `"session of ${tenant}"` },
        ],
      })
      assert.equal(recorded.outcome, 'recorded')
      const inSession = await subject.store.getState('session', execution.session_id, 'total')
      assert.deepEqual({ ...inSession }, { key: 'total', value: `"session of ${tenant}"`, revision: 1 })
    }
    const mine = await subject.store.getState('tenant', TENANT, 'total')
    assert.deepEqual({ ...mine }, { key: 'total', value: '"acme"', revision: 1 })
    assert.equal(await subject.store.getState('session', TENANT as never, 'total'), null)
  })

  test('an execution is recorded in its own session alone', async () => {
    await using subject = await open()
    const execution = await subject.execution(await subject.session())
    const elsewhere = await subject.session()
    await assert.rejects(subject.record({ ...execution, session_id: elsewhere }))
    assert.deepEqual(await subject.types(elsewhere), ['session.created'])
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Fenced, StoreClosed } from '../error.ts'
import { SHARDS } from '../port.ts'
import { type OpenSubject, PAGE, TENANT } from './subject.ts'

export function leaseCases(open: OpenSubject): void {
  test('every shard is claimed, under an epoch above the one before', async () => {
    await using subject = await open()
    const before = subject.leaseOf(subject.createCommand().session.session_id)
    const leases = await subject.claim()
    assert.deepEqual(
      leases.map(({ shard }) => shard),
      Array.from({ length: SHARDS }, (_, i) => i),
    )
    assert.ok((leases[before.shard]?.epoch ?? 0) > before.epoch)
  })

  test('who claims a shard is told whether the owner before let go of it in peace', async () => {
    await using subject = await open()
    const seized = await subject.claim()
    assert.ok(seized.every(({ released }) => !released))
    // These leases are lost: to release them changes nothing.
    await subject.release()
    const again = await subject.claim()
    assert.ok(again.every(({ released }) => !released))
    subject.use(again)
    await subject.release()
    assert.ok((await subject.claim()).every(({ released }) => released))
  })

  test('who has lost its lease writes nothing, and who holds it goes on', async () => {
    await using subject = await open()
    const session = await subject.session()
    const execution = await subject.execution(session)
    const leases = await subject.claim()
    const state = [{ scope: 'session' as const, key: 'k', value: '1' }]
    const key = { key: 'k', body_hash: 'a'.repeat(64) }
    const late = [
      () => subject.store.createSession(subject.createCommand(TENANT, key)),
      () => subject.store.acceptIntent(subject.acceptCommand(session, { keys: [key] })),
      () => subject.record(execution, { state }),
      () => subject.end(execution),
      () => subject.closeSession(session),
    ]
    await Promise.all(late.map((command) => assert.rejects(command(), Fenced)))

    assert.deepEqual(await subject.types(session), ['session.created', 'intent.accepted'])
    assert.equal(await subject.store.getState('session', session, 'k'), null)
    assert.equal((await subject.store.listSessions(TENANT, null, PAGE)).items.length, 1)
    subject.use(leases)
    const accepted = await subject.store.acceptIntent(subject.acceptCommand(session, { keys: [key] }))
    assert.deepEqual(accepted, { outcome: 'accepted', last_seq: 3 })
    assert.equal((await subject.end(execution)).outcome, 'recorded')
  })

  test('a fenced command does not harm those that are asked with it', async () => {
    await using subject = await open()
    const session = await subject.session()
    const execution = await subject.execution(session)
    const lease = { shard: subject.leaseOf(session).shard, epoch: 0 }
    const answers = await Promise.allSettled([
      subject.record(execution),
      subject.record(execution, { lease }),
      subject.end(execution),
    ])
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.equal((await subject.types(session)).length, 4)
  })

  test('closing finishes what was asked, and nothing is taken after', async () => {
    await using subject = await open()
    const session = await subject.session()
    const execution = await subject.execution(session)
    const asked = [subject.record(execution), subject.end(execution), subject.store.getSession(TENANT, session)]
    const closed = subject.store.close()
    assert.deepEqual(
      (await Promise.allSettled(asked)).map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled'],
    )
    await closed
    await subject.store.close()
    await assert.rejects(subject.record(execution), StoreClosed)
    await assert.rejects(subject.claim(), StoreClosed)
    await assert.rejects(subject.store.getExecution(TENANT, execution.execution_id), StoreClosed)
    await assert.rejects(subject.store.sweepKeys(0, 1), StoreClosed)
  })
}

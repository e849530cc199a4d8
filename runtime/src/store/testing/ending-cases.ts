import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FINAL_STATUSES, type FinalStatus } from '@biplane/protocol'

import { type OpenSubject, PAGE, TENANT } from './subject.ts'

export function endingCases(open: OpenSubject): void {
  test('when a cancel and a completion meet, the first commit wins and everyone is told the same', async () => {
    await using subject = await open()
    const session = await subject.session()
    for (const [first, second] of [
      ['cancelled', 'completed'],
      ['completed', 'cancelled'],
    ] as const) {
      const execution = await subject.execution(session)
      const [won, lost] = await Promise.all([subject.end(execution, first, true), subject.end(execution, second)])
      assert.equal(won.outcome, 'recorded')
      assert.deepEqual(lost, { outcome: 'final', status: first, compensated: true })
      const types = (await subject.store.readExecution(execution.execution_id, 0, PAGE)).map(({ type }) => type)
      assert.deepEqual(types, ['intent.accepted', `execution.${first}`])
    }
  })

  test('what has ended stays as it ended: nothing is recorded after, whatever it is', async () => {
    await using subject = await open()
    const session = await subject.session()
    for (const status of FINAL_STATUSES) {
      const execution = await subject.execution(session)
      await subject.end(execution, status)
      const head = await subject.store.sessionHead(session)
      const late = await subject.record(execution, {
        state: [{ scope: 'session', key: 'late', value: '1' }],
        set_timers: [{ execution_id: execution.execution_id, ordinal: 1, due_ms: 0 }],
      })
      assert.deepEqual(late, { outcome: 'final', status, compensated: false })
      assert.deepEqual(await subject.store.sessionHead(session), head)
      assert.equal(await subject.store.getState('session', session, 'late'), null)
      assert.deepEqual((await subject.store.dueTimers(PAGE)).due, [])
    }
  })

  test('an execution is unfinished until it ends, and its row says when that was', async () => {
    await using subject = await open()
    const session = await subject.session()
    const execution = await subject.execution(session)
    const row = () => subject.store.getExecution(TENANT, execution.execution_id)
    const unfinished = async () => (await subject.store.listUnfinished(null, PAGE)).items.length
    assert.equal((await row())?.status, 'accepted')
    await subject.record(execution, { status: 'waiting' })
    assert.equal((await row())?.status, 'waiting')
    await subject.record(execution, { status: 'compensating', entries: [] })
    assert.deepEqual([(await row())?.status, (await row())?.ended_ms, await unfinished()], ['compensating', null, 1])
    subject.clock.now_ms += 250
    await subject.end(execution, 'failed', true)
    const ended = await row()
    assert.deepEqual([ended?.status, ended?.compensated, ended?.ended_ms], ['failed', true, subject.clock.now_ms])
    assert.equal(await unfinished(), 0)
  })

  test('the answer to a record names the place of its last entry', async () => {
    await using subject = await open()
    const execution = await subject.execution(await subject.session())
    const entries = ['step.completed', 'execution.progress'].map((type) => subject.entry(type, execution.execution_id))
    assert.deepEqual(await subject.record(execution, { entries }), {
      outcome: 'recorded',
      last_seq: 4,
    })
    const nothing = await subject.record(execution, { entries: [] })
    assert.deepEqual(nothing, { outcome: 'recorded', last_seq: 4 })
  })

  test('an end without an entry that says so is refused, and so is one of an unknown execution', async () => {
    await using subject = await open()
    const session = await subject.session()
    const execution = await subject.execution(session)
    await assert.rejects(subject.record(execution, { entries: [], status: 'completed' satisfies FinalStatus }))
    const { execution_id } = subject.acceptCommand(session).execution
    await assert.rejects(subject.end({ ...execution, execution_id }))
    assert.deepEqual(await subject.types(session), ['session.created', 'intent.accepted'])
    assert.equal((await subject.end(execution)).outcome, 'recorded')
  })
}

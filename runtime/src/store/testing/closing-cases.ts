import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type OpenSubject, TENANT } from './subject.ts'

export function closingCases(open: OpenSubject): void {
  test('a session without unfinished executions closes at once', async () => {
    await using subject = await open()
    const session = await subject.session()
    await subject.end(await subject.execution(session))
    assert.deepEqual(await subject.closeSession(session), { outcome: 'closed' })
    assert.deepEqual((await subject.types(session)).slice(-2), ['session.closing', 'session.closed'])
    assert.deepEqual(
      { ...(await subject.store.sessionHead(session)) },
      { tenant_id: TENANT, last_seq: 5, status: 'closed' },
    )
    assert.equal((await subject.store.getSession(TENANT, session))?.status, 'closed')
  })

  test('a session with unfinished executions closes with the end of the last, and session.closed is the last entry', async () => {
    await using subject = await open()
    const session = await subject.session()
    const executions = [await subject.execution(session), await subject.execution(session)] as const
    assert.deepEqual(await subject.closeSession(session), { outcome: 'closing' })
    assert.equal((await subject.store.sessionHead(session))?.status, 'closing')
    await subject.record(executions[0])
    await subject.end(executions[0])
    assert.equal((await subject.store.getSession(TENANT, session))?.status, 'closing')
    await subject.record(executions[1], { status: 'parked' })
    const ended = await subject.end(executions[1], 'cancelled')
    assert.deepEqual(await subject.types(session), [
      'session.created',
      'intent.accepted',
      'intent.accepted',
      'session.closing',
      'step.completed',
      'execution.completed',
      'step.completed',
      'execution.cancelled',
      'session.closed',
    ])
    assert.equal(ended.outcome === 'recorded' && ended.last_seq, 8)
    assert.equal((await subject.store.sessionHead(session))?.status, 'closed')
  })

  test('executions that end at once close their session once', async () => {
    await using subject = await open()
    const session = await subject.session()
    const executions = await Promise.all(Array.from({ length: 10 }, () => subject.execution(session)))
    await Promise.all([subject.closeSession(session), ...executions.map((execution) => subject.end(execution))])
    const types = await subject.types(session)
    assert.equal(types.at(-1), 'session.closed')
    assert.equal(types.filter((type) => type === 'session.closed').length, 1)
  })

  test('no intent is taken once a session closes, and closing again does nothing', async () => {
    await using subject = await open()
    const session = await subject.session()
    const execution = await subject.execution(session)
    const refused = async () => (await subject.store.acceptIntent(subject.acceptCommand(session))).outcome
    await subject.closeSession(session)
    assert.equal(await refused(), 'session_closed')
    assert.deepEqual(await subject.closeSession(session), { outcome: 'closed_before' })
    await subject.end(execution)
    assert.equal(await refused(), 'session_closed')
    assert.deepEqual(await subject.closeSession(session), { outcome: 'closed_before' })
    assert.equal((await subject.types(session)).length, 5)
  })

  test('a session that does not exist cannot be closed', async () => {
    await using subject = await open()
    const { session_id } = subject.createCommand().session
    assert.deepEqual(await subject.closeSession(session_id), { outcome: 'not_found' })
  })
}

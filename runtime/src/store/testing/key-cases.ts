import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type ArtifactId, artifactIdOf } from '@biplane/protocol'

import type { RequestKey } from '../port.ts'
import { type OpenSubject, PAGE, TENANT } from './subject.ts'

const KEY: RequestKey = { key: 'order-7', body_hash: 'a'.repeat(64) }
const OTHER_BODY: RequestKey = { ...KEY, body_hash: 'b'.repeat(64) }
const DAY_MS = 24 * 60 * 60 * 1000

export function keyCases(open: OpenSubject): void {
  test('an intent that is sent again under its key is the first one, and nothing is appended', async () => {
    await using subject = await open()
    const session = await subject.session()
    const first = subject.acceptCommand(session, { keys: [KEY] })
    assert.deepEqual(await subject.store.acceptIntent(first), { outcome: 'accepted', last_seq: 2 })
    const again = await subject.store.acceptIntent(subject.acceptCommand(session, { keys: [KEY] }))
    assert.deepEqual(again, { outcome: 'existing', execution: first.execution })
    const other = await subject.store.acceptIntent(subject.acceptCommand(session, { keys: [OTHER_BODY] }))
    assert.deepEqual(other, { outcome: 'key_conflict' })
    assert.equal((await subject.store.sessionHead(session))?.last_seq, 2)
  })

  test('at its quota a tenant gets nothing new, and still what a key has made', async () => {
    await using subject = await open()
    const session = await subject.session()
    const first = subject.acceptCommand(session, { keys: [KEY] })
    await subject.store.acceptIntent(first)
    const ask = async (key: RequestKey) => {
      const command = { ...subject.acceptCommand(session, { keys: [key] }), at_quota: true }
      return (await subject.store.acceptIntent(command)).outcome
    }
    assert.equal(await ask(KEY), 'existing')
    assert.equal(await ask(OTHER_BODY), 'key_conflict')
    assert.equal(await ask({ ...KEY, key: 'order-8' }), 'quota_exceeded')
    assert.deepEqual(await subject.types(session), ['session.created', 'intent.accepted'])
  })

  test('of many that come at once under one key, one is accepted and all others are it', async () => {
    await using subject = await open()
    const session = await subject.session()
    const commands = Array.from({ length: 20 }, () => subject.acceptCommand(session, { keys: [KEY] }))
    const answers = await Promise.all(commands.map((command) => subject.store.acceptIntent(command)))
    assert.equal(answers.filter(({ outcome }) => outcome === 'accepted').length, 1)
    const winner = commands[answers.findIndex(({ outcome }) => outcome === 'accepted')]?.execution.execution_id
    for (const answer of answers) {
      if (answer.outcome === 'existing') assert.equal(answer.execution.execution_id, winner)
    }
    assert.deepEqual(await subject.types(session), ['session.created', 'intent.accepted'])
  })

  test('a known key answers after its session has closed, with the execution as it is by then', async () => {
    await using subject = await open()
    const session = await subject.session()
    const command = subject.acceptCommand(session, { keys: [KEY] })
    await subject.store.acceptIntent(command)
    await subject.end(command.execution, 'failed', true)
    await subject.closeSession(session)
    const answer = await subject.store.acceptIntent(subject.acceptCommand(session, { keys: [KEY] }))
    const ended = { status: 'failed', compensated: true, ended_ms: subject.clock.now_ms }
    assert.deepEqual(answer, { outcome: 'existing', execution: { ...command.execution, ...ended } })
  })

  test('each of several keys finds the intent, and the first that is known decides', async () => {
    await using subject = await open()
    const session = await subject.session()
    const [a, b, c] = ['a', 'b', 'c'].map((key) => ({ ...KEY, key })) as [RequestKey, RequestKey, RequestKey]
    const first = subject.acceptCommand(session, { keys: [a, b, a] })
    await subject.store.acceptIntent(first)
    const second = subject.acceptCommand(session, { keys: [c] })
    await subject.store.acceptIntent(second)
    const found = async (...keys: RequestKey[]) => {
      const answer = await subject.store.acceptIntent(subject.acceptCommand(session, { keys }))
      return answer.outcome === 'existing' ? answer.execution.execution_id : answer.outcome
    }
    assert.equal(await found(b), first.execution.execution_id)
    assert.equal(await found({ ...KEY, key: 'new' }, c, a), second.execution.execution_id)
    assert.equal(await found({ ...c, body_hash: OTHER_BODY.body_hash }, a), 'key_conflict')
  })

  test('a session that is made again under its key is the first one, and comes back with all it was given', async () => {
    await using subject = await open()
    const command = subject.createCommand(TENANT, KEY)
    const session = { ...command.session, user_id: 'ada', metadata: { plan: 'pro', seats: [1, 2] } }
    assert.deepEqual(await subject.store.createSession({ ...command, session }), { outcome: 'created', session })
    const again = await subject.store.createSession(subject.createCommand(TENANT, KEY))
    assert.deepEqual(again, { outcome: 'existing', session })
    const full = async (key: RequestKey | null) => {
      const answer = await subject.store.createSession({ ...subject.createCommand(TENANT, key), at_quota: true })
      return answer.outcome
    }
    assert.deepEqual([await full(KEY), await full(null)], ['existing', 'quota_exceeded'])
    const other = await subject.store.createSession(subject.createCommand(TENANT, OTHER_BODY))
    assert.deepEqual(other, { outcome: 'key_conflict' })
    const intent = subject.acceptCommand(session.session_id, { keys: [KEY] })
    assert.deepEqual(await subject.store.acceptIntent(intent), { outcome: 'key_conflict' }, 'one namespace')
  })

  test('keys are forgotten some time after the end of what they made, and not before', async () => {
    await using subject = await open()
    const session = await subject.session()
    const accept = (key: string) => subject.acceptCommand(session, { keys: [{ ...KEY, key }] })
    const commands = ['ended early', 'ended late', 'running'].map(accept)
    for (const command of commands) await subject.store.acceptIntent(command)
    await subject.store.createSession(subject.createCommand(TENANT, { ...KEY, key: 'session' }))
    const [early, late] = commands as [(typeof commands)[0], (typeof commands)[0]]
    await subject.end(early.execution)
    subject.clock.now_ms += DAY_MS
    await subject.end(late.execution)

    const before = subject.clock.now_ms
    assert.equal(await subject.store.sweepKeys(before - DAY_MS, PAGE), 0)
    assert.equal(await subject.store.sweepKeys(before, 1), 1)
    assert.equal(await subject.store.sweepKeys(before, PAGE), 1)
    assert.equal(await subject.store.sweepKeys(before, PAGE), 0)
    const outcomes = []
    for (const key of ['ended early', 'ended late', 'running']) {
      outcomes.push((await subject.store.acceptIntent(accept(key))).outcome)
    }
    assert.deepEqual(outcomes, ['accepted', 'existing', 'existing'])
  })

  test('artifacts that a log names are referenced; those of refused commands and of other tenants are not', async () => {
    await using subject = await open()
    const session = await subject.session()
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((digit) => artifactIdOf(digit.repeat(64))) as [
      ArtifactId,
      ArtifactId,
      ArtifactId,
      ArtifactId,
    ]
    const command = subject.acceptCommand(session, { keys: [KEY], artifacts: [a] })
    await subject.store.acceptIntent(command)
    await subject.store.acceptIntent(subject.acceptCommand(session, { keys: [KEY], artifacts: [c] }))
    await subject.record(command.execution, { artifacts: [b, a] })
    await subject.end(command.execution)
    await subject.record(command.execution, { artifacts: [c] })
    assert.deepEqual(await subject.store.unreferenced(TENANT, [d, a, c, b]), [d, c])
    assert.deepEqual(await subject.store.unreferenced('other', [a, b]), [a, b])
  })
}

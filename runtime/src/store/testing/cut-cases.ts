import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SessionId } from '@biplane/protocol'

import type * as port from '../port.ts'
import { type Name, type OpenSubject, PAGE, type Subject, TENANT } from './subject.ts'

/** Entries of an execution that `run` makes: accepted, steps, completed. */
const STEPS = 10

export function cutCases(open: OpenSubject): void {
  test('a log that is cut goes on at its numbers, and keeps its last entry whatever is asked', async () => {
    await using subject = await open()
    const session = await subject.session()
    const execution = await run(subject, session)
    const before = await subject.store.readSession(session, 0, PAGE)
    assert.deepEqual(await cut(subject, session, 5), { entries: 4, more: false, first_seq: 5, tenant_floor: 4 })
    assert.deepEqual(await subject.store.readSession(session, 0, PAGE), before.slice(4))
    assert.deepEqual(await subject.store.readSession(session, 7, 2), before.slice(7, 9))
    assert.deepEqual(await subject.store.readExecution(execution.execution_id, 0, PAGE), before.slice(4))
    const all = await cut(subject, session, 1_000)
    assert.deepEqual(all, { entries: 8, more: false, first_seq: 13, tenant_floor: 12 })
    assert.deepEqual(await subject.store.readSession(session, 0, PAGE), before.slice(-1))
    assert.deepEqual((await subject.store.sessionHead(session))?.last_seq, 13)
    await run(subject, session)
    const after = await subject.store.readSession(session, 0, PAGE)
    assert.deepEqual(
      after.map(({ seq }) => seq),
      Array.from({ length: STEPS + 3 }, (_, i) => 13 + i),
    )
  })

  test('it is cut in pieces of the size that is asked for', async () => {
    await using subject = await open()
    const session = await subject.session()
    for (let i = 0; i < 30; i++) await run(subject, session)
    const pieces: number[] = []
    for (let more = true; more;) {
      const done = await cut(subject, session, 300, 100)
      pieces.push(done.entries)
      more = done.more
    }
    assert.deepEqual(pieces, [100, 100, 99])
    assert.equal((await subject.store.readSession(session, 0, 1))[0]?.seq, 300)
  })

  test('what has not ended keeps its log, and with it what it goes on from', async () => {
    await using subject = await open()
    const session = await subject.session()
    await run(subject, session)
    const source = await run(subject, session)
    await run(subject, session)
    const data = JSON.stringify({ fork_of: { execution_id: source.execution_id, through_seq: 20 } })
    const command = subject.acceptCommand(session)
    const fork = command.execution
    const accepted = { ...command, entries: [subject.entry('intent.accepted', fork.execution_id, data)] }
    await subject.store.acceptIntent({ ...accepted, goes_on_from: source.execution_id })
    const [first] = await subject.store.readExecution(source.execution_id, 0, 1)
    assert.equal((await cut(subject, session, 1_000)).first_seq, first?.seq)
    await subject.end(fork)
    const last = await subject.execution(session)
    const [begun] = await subject.store.readExecution(last.execution_id, 0, 1)
    assert.equal((await cut(subject, session, 1_000)).first_seq, begun?.seq)
  })

  test('nothing goes on from what was cut, even if only its beginning was', async () => {
    await using subject = await open()
    const session = await subject.session()
    const execution = await run(subject, session)
    const goOn = () =>
      subject.store.acceptIntent({ ...subject.acceptCommand(session), goes_on_from: execution.execution_id })
    assert.equal((await goOn()).outcome, 'accepted')
    for (const { execution_id } of (await subject.store.listUnfinished(null, PAGE)).items) {
      await subject.end({ tenant_id: TENANT, session_id: session, execution_id })
    }
    await cut(subject, session, 3)
    assert.equal((await goOn()).outcome, 'history_gone')
    await cut(subject, session, 1_000)
    assert.equal((await goOn()).outcome, 'history_gone')
  })

  test('the feed of a tenant begins behind the last entry that was cut, and counts on; others lose nothing', async () => {
    await using subject = await open()
    const [mine, second, theirs] = [await subject.session(), await subject.session(), await subject.session('other')]
    for (const session of [mine, second, theirs]) await run(subject, session)
    const whole = await subject.store.readTenant(TENANT, 0, PAGE)
    const foreign = await subject.store.readTenant('other', 0, PAGE)
    await cut(subject, mine, 6)
    const place = whole.entries.findIndex(({ session_id, seq }) => session_id === mine && seq === 5) + 1
    const left = { after: place, entries: whole.entries.slice(place) }
    assert.deepEqual(await subject.store.readTenant(TENANT, 0, PAGE), left)
    assert.deepEqual(await subject.store.readTenant(TENANT, place, PAGE), left)
    assert.equal(await subject.store.tenantHead(TENANT), whole.entries.length)
    assert.deepEqual(await subject.store.readTenant('other', 0, PAGE), foreign)
    await run(subject, second)
    const more = await subject.store.readTenant(TENANT, whole.entries.length, PAGE)
    assert.deepEqual([more.after, more.entries.length], [whole.entries.length, STEPS + 2])
  })

  test('another owner’s cut is refused, and one of a session that the tenant does not have does nothing', async () => {
    await using subject = await open()
    const session = await subject.session()
    await run(subject, session)
    const command = cutCommand(subject, session, 5)
    const nothing = { entries: 0, more: false, first_seq: 1, tenant_floor: 0 }
    assert.deepEqual(await subject.store.cutLog({ ...command, tenant_id: 'other' }), nothing)
    await subject.claim()
    await assert.rejects(subject.store.cutLog(command), { name: 'Fenced' })
    assert.equal((await subject.store.readSession(session, 0, PAGE)).length, STEPS + 3)
  })

  test('logs are named that were not looked at for long, longest ago first', async () => {
    await using subject = await open()
    const sessions: SessionId[] = []
    for (let i = 0; i < 3; i++) {
      sessions.push(await subject.session())
      subject.clock.now_ms += 10
    }
    const uncut = async (limit = PAGE) =>
      (await subject.store.listUncut(subject.clock.now_ms, limit)).map(({ session_id }) => session_id)
    assert.deepEqual(await uncut(), sessions)
    assert.deepEqual(await uncut(2), sessions.slice(0, 2))
    await cut(subject, sessions[1] as SessionId, 0)
    assert.deepEqual(await uncut(), [sessions[0], sessions[2]])
    subject.clock.now_ms += 10
    assert.deepEqual(await uncut(), [sessions[0], sessions[2], sessions[1]])
  })
}

const cutCommand = (subject: Subject, session_id: SessionId, before_seq: number, entries_max = PAGE): port.CutLog => ({
  lease: subject.leaseOf(session_id),
  tenant_id: TENANT,
  session_id,
  before_seq,
  entries_max,
  looked_ms: subject.clock.now_ms,
})

const cut = (subject: Subject, ...about: [SessionId, number, number?]): Promise<port.LogCut> =>
  subject.store.cutLog(cutCommand(subject, ...about))

async function run(subject: Subject, session: SessionId): Promise<Name> {
  const head = await subject.store.sessionHead(session)
  const execution = await subject.execution(session, head?.tenant_id)
  for (let i = 0; i < STEPS; i++) await subject.record(execution)
  await subject.end(execution)
  return execution
}

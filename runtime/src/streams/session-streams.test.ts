import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SessionId } from '@biplane/protocol'

import { MemoryStore } from '../store/memory/memory-store.ts'
import { Subject } from '../store/testing/subject.ts'
import { filterOf } from './event-filter.ts'
import { ExecutionRealms } from './execution-realms.ts'
import { SessionStreams } from './session-streams.ts'

/** Does something between a look at the log and what follows it, once. */
class SlowStore extends MemoryStore {
  afterLook: (() => Promise<unknown>) | null = null

  override async readSession(session: SessionId, after: number, limit: number) {
    const entries = await super.readSession(session, after, limit)
    const interfere = this.afterLook
    this.afterLook = null
    await interfere?.()
    return entries
  }
}

async function open() {
  const store: { now: SlowStore | null } = { now: null }
  const subject = await Subject.open(async (clock) => {
    store.now = new SlowStore(clock)
    return { store: store.now, [Symbol.asyncDispose]: async () => {} }
  })
  return { subject, slow: store.now as SlowStore, streams: new SessionStreams(subject.store) }
}

test('a session that closes while its log is read is not at its end before its last event was read', async () => {
  const { subject, slow, streams } = await open()
  const session = await subject.session()
  const read = streams.read(session, 1)
  slow.afterLook = () => subject.closeSession(session)
  const early = await read
  assert.deepEqual([early.events, early.next, early.closed], [[], 1, false])
  const rest = await streams.read(session, early.next)
  assert.deepEqual([rest.events.length, rest.next, rest.closed], [2, 3, true])
  const beyond = await streams.read(session, rest.next)
  assert.deepEqual([beyond.events, beyond.upToDate, beyond.closed], [[], true, true])
})

test('a filtered read looks through so many entries and says where it stands; going on from there finds each event once', async () => {
  const { subject, streams } = await open()
  const session = await subject.session()
  const execution = await subject.execution(session)
  const { execution_id } = execution
  for (let i = 0; i < 25; i++) {
    const entries = Array.from({ length: 1_000 }, () => subject.entry('step.completed', execution_id))
    if (i % 12 === 11) entries.push(subject.entry('step.failed', execution_id))
    await subject.record(execution, { entries })
  }
  const filter = filterOf({ type: ['step.failed'], realm: ['content'] }, new ExecutionRealms(subject.store))
  const found: number[] = []
  let [reads, after] = [0, 0]
  for (; ; reads++) {
    const { places, next, upToDate } = await streams.read(session, after, filter)
    found.push(...places)
    assert.ok(next > after)
    after = next
    if (upToDate) break
  }
  assert.ok(reads > 1)
  assert.equal(after, (await streams.head(session)).last)
  assert.deepEqual(found, [2 + 12_001, 2 + 24_002])
})

test('a part is bounded by its length as well, and an event that is longer comes alone', async () => {
  const { subject, streams } = await open()
  const session = await subject.session()
  const execution = await subject.execution(session)
  const entry = (chars: number) =>
    subject.entry('step.completed', execution.execution_id, JSON.stringify('x'.repeat(chars)))
  await subject.record(execution, { entries: [entry(700_000), entry(700_000), entry(3_000_000), entry(1)] })
  const parts: number[] = []
  for (let after = 2; ;) {
    const { events, next, upToDate } = await streams.read(session, after)
    parts.push(events.length)
    after = next
    if (upToDate) break
  }
  assert.deepEqual(parts, [2, 1, 1])
})

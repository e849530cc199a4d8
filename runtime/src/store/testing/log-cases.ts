import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SessionId } from '@biplane/protocol'

import { type OpenSubject, PAGE, type Subject } from './subject.ts'

const LINES = 8
const STEPS = 10

export function logCases(open: OpenSubject): void {
  test('entries of a session are numbered 1..n without gaps, however many executions write at once', async () => {
    await using subject = await open()
    const sessions = [await subject.session(), await subject.session(), await subject.session()]
    await Promise.all(sessions.flatMap((id) => Array.from({ length: LINES }, () => run(subject, id))))

    const positions = new Set<number>()
    for (const session of sessions) {
      const entries = await subject.store.readSession(session, 0, PAGE)
      assert.equal(entries.length, 1 + LINES * (STEPS + 2))
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        entries.map((_, i) => i + 1),
      )
      assert.deepEqual(
        entries.map(({ pos }) => pos),
        entries.map(({ pos }) => pos).toSorted((a, b) => a - b),
      )
      for (const { pos } of entries) positions.add(pos)
    }
    assert.equal(positions.size, sessions.length * (1 + LINES * (STEPS + 2)), 'a pos is given once in the store')
  })

  test('an entry comes back as it was given, private part included, in its session and in its execution', async () => {
    await using subject = await open()
    const session = await subject.session()
    const execution = await subject.execution(session)
    const data = JSON.stringify({ text: 'naïve 🛩️\n"quoted"' })
    const given = { ...subject.entry('step.completed', execution.execution_id, data), secret: null }
    await subject.record(execution, { entries: [given] })

    const [entry] = await subject.store.readSession(session, 2, PAGE)
    assert.ok(entry)
    const { tenant_id, session_id } = execution
    assert.deepEqual({ ...entry }, { ...given, pos: entry.pos, seq: 3, tenant_id, session_id })
    const ofExecution = await subject.store.readExecution(execution.execution_id, 0, PAGE)
    assert.deepEqual(ofExecution.at(-1), entry)
    assert.equal(ofExecution[0]?.secret, '{"private":true}')
  })

  test('a log is read from any seq, in pieces of any size, and is the same', async () => {
    await using subject = await open()
    const session = await subject.session()
    await Promise.all(Array.from({ length: 3 }, () => run(subject, session)))
    const whole = await subject.store.readSession(session, 0, PAGE)
    for (const limit of [1, 2, 7, whole.length, PAGE]) {
      const pieces = []
      for (let after = 0; ; after = pieces.at(-1)?.seq ?? 0) {
        const piece = await subject.store.readSession(session, after, limit)
        if (piece.length === 0) break
        assert.ok(piece.length <= limit)
        pieces.push(...piece)
      }
      assert.deepEqual(pieces, whole)
    }
    for (const { execution_id, seq } of whole) {
      if (!execution_id) continue
      const rest = await subject.store.readExecution(execution_id, seq, PAGE)
      assert.deepEqual(
        rest,
        whole.filter((entry) => entry.execution_id === execution_id && entry.seq > seq),
      )
    }
  })

  test('a session that nobody made has no head and no entries', async () => {
    await using subject = await open()
    const { session } = subject.createCommand()
    assert.equal(await subject.store.sessionHead(session.session_id), null)
    assert.deepEqual(await subject.store.readSession(session.session_id, 0, PAGE), [])
  })

  test('a listener hears of the last seq after each commit, and can read that far', async () => {
    await using subject = await open()
    const heard: [SessionId, number][] = []
    const readable: Promise<boolean>[] = []
    subject.store.onAppend((id, lastSeq) => {
      heard.push([id, lastSeq])
      readable.push(subject.store.readSession(id, lastSeq - 1, 1).then(([entry]) => entry?.seq === lastSeq))
    })
    const session = await subject.session()
    const execution = await subject.execution(session)
    for (let i = 0; i < STEPS; i++) await subject.record(execution)
    await subject.end(execution)
    await subject.end(execution)

    const seqs = heard.map(([, seq]) => seq)
    assert.deepEqual(
      seqs,
      Array.from({ length: STEPS + 3 }, (_, i) => i + 1),
      'what appends nothing is not heard',
    )
    assert.ok(heard.every(([id]) => id === session))
    assert.ok((await Promise.all(readable)).every(Boolean))
  })

  test('the log, the status and the head agree at every moment that a reader can see', async () => {
    await using subject = await open()
    const session = await subject.session()
    const line = async (): Promise<void> => {
      const execution = await subject.execution(session)
      const ended = subject.end(execution)
      for (;;) {
        const row = await subject.store.getExecution(execution.tenant_id, execution.execution_id)
        if (row?.status !== 'completed') continue
        const entries = await subject.store.readExecution(execution.execution_id, 0, PAGE)
        assert.equal(entries.at(-1)?.type, 'execution.completed')
        const head = await subject.store.sessionHead(session)
        assert.ok(head && head.last_seq >= (entries.at(-1)?.seq ?? 0))
        break
      }
      await ended
    }
    for (let i = 0; i < STEPS; i++) await Promise.all(Array.from({ length: LINES }, line))
  })
}

/** An execution of STEPS steps. */
async function run(subject: Subject, session: SessionId): Promise<void> {
  const execution = await subject.execution(session)
  for (let i = 0; i < STEPS; i++) await subject.record(execution)
  await subject.end(execution)
}

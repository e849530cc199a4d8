import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Name, type OpenSubject, PAGE, type Subject, TENANT } from './subject.ts'

const set = (subject: Subject, { execution_id, ...name }: Name, ordinal: number, due_ms: number) =>
  subject.record({ execution_id, ...name }, { entries: [], set_timers: [{ execution_id, ordinal, due_ms }] })

export function timerCases(open: OpenSubject): void {
  test('timers are due in the order of their times, none before its time, and the next is announced', async () => {
    await using subject = await open()
    const session = await subject.session()
    const [a, b] = [await subject.execution(session), await subject.execution(session)]
    const now = subject.clock.now_ms
    assert.equal(subject.store.now(), now)
    assert.deepEqual(await subject.store.dueTimers(PAGE), { due: [], next_ms: null })
    await set(subject, a, 1, now + 30)
    await set(subject, b, 1, now + 10)
    await set(subject, a, 2, now + 20)
    assert.deepEqual(await subject.store.dueTimers(PAGE), { due: [], next_ms: now + 10 })
    subject.clock.now_ms = now + 20
    const { due, next_ms } = await subject.store.dueTimers(PAGE)
    const { tenant_id } = a
    assert.deepEqual(
      due.map((timer) => ({ ...timer })),
      [
        { tenant_id, execution_id: b.execution_id, ordinal: 1, due_ms: now + 10 },
        { tenant_id, execution_id: a.execution_id, ordinal: 2, due_ms: now + 20 },
      ],
    )
    assert.equal(next_ms, now + 30)
    const one = await subject.store.dueTimers(1)
    assert.deepEqual([one.due.length, one.next_ms], [1, now + 20])
  })

  test('a timer goes when it is cleared, moves when it is set again, and ends with its execution', async () => {
    await using subject = await open()
    const session = await subject.session()
    const [a, b] = [await subject.execution(session), await subject.execution(session)]
    const now = subject.clock.now_ms
    const due = async () => (await subject.store.dueTimers(PAGE)).due.map(({ ordinal }) => ordinal)
    for (const ordinal of [1, 2, 3]) await set(subject, a, ordinal, now - ordinal)
    await set(subject, b, 9, now)
    assert.deepEqual(await due(), [3, 2, 1, 9])
    await subject.record(a, { clear_timers: [2, 7] })
    await set(subject, a, 3, now + 1)
    assert.deepEqual(await due(), [1, 9])
    await subject.end(a, 'cancelled')
    assert.deepEqual(await subject.store.dueTimers(PAGE).then(({ due, next_ms }) => [due.length, next_ms]), [1, null])
    assert.equal((await subject.store.getExecution(TENANT, a.execution_id))?.status, 'cancelled')
  })

  test('a timer that is set with the end of its execution is not set', async () => {
    await using subject = await open()
    const a = await subject.execution(await subject.session())
    const entries = [subject.entry('execution.completed', a.execution_id)]
    const set_timers = [{ execution_id: a.execution_id, ordinal: 1, due_ms: 0 }]
    await subject.record(a, { status: 'completed', entries, set_timers })
    assert.deepEqual(await subject.store.dueTimers(PAGE), { due: [], next_ms: null })
  })

  test('an execution sets the timer of its parent in the commit of its end, and none of one that has ended', async () => {
    await using subject = await open()
    const session = await subject.session()
    const [parent, child] = [await subject.execution(session), await subject.execution(session)]
    const due_ms = subject.clock.now_ms
    const wake = { set_timers: [{ execution_id: parent.execution_id, ordinal: 3, due_ms }] }
    const entries = [subject.entry('execution.completed', child.execution_id)]
    await subject.record(child, { status: 'completed', entries, ...wake })
    const { due } = await subject.store.dueTimers(PAGE)
    assert.deepEqual(
      due.map((timer) => ({ ...timer })),
      [{ tenant_id: TENANT, execution_id: parent.execution_id, ordinal: 3, due_ms }],
    )
    await subject.end(parent)
    await subject.record(await subject.execution(session), wake)
    assert.deepEqual(await subject.store.dueTimers(PAGE), { due: [], next_ms: null })
  })

  test('a timer may be set as an intent is accepted', async () => {
    await using subject = await open()
    const command = subject.acceptCommand(await subject.session())
    const { execution_id } = command.execution
    const due_ms = subject.clock.now_ms + 5
    await subject.store.acceptIntent({ ...command, set_timers: [{ execution_id, ordinal: 0, due_ms }] })
    assert.deepEqual(await subject.store.dueTimers(PAGE), { due: [], next_ms: due_ms })
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MemoryStore } from '../store/memory/memory-store.ts'
import { Subject } from '../store/testing/subject.ts'
import { Timers } from './timers.ts'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

test('an execution that takes its time to be woken holds up the timers of no other', async () => {
  await using subject = await Subject.open(async (clock) => {
    const store = new MemoryStore(clock)
    return { store, [Symbol.asyncDispose]: () => store.close() }
  })
  const { store, clock } = subject
  const session = await subject.session()
  const [slow, quick] = [await subject.execution(session), await subject.execution(session)]
  await subject.record(slow, { set_timers: [{ execution_id: slow.execution_id, ordinal: 0, due_ms: clock.now_ms }] })
  const due_ms = clock.now_ms + 10
  await subject.record(quick, { set_timers: [{ execution_id: quick.execution_id, ordinal: 0, due_ms }] })

  const tasks: (() => void)[] = []
  const after = (ms: number, task: () => void) => {
    if (ms <= 10) tasks.push(task)
    return () => tasks.splice(0)
  }
  const woken: string[] = []
  const timers = new Timers({ store, clock: { now: () => clock.now_ms, after, steady: true }, log: quiet }, (timer) => {
    woken.push(timer.execution_id)
    return timer.execution_id === slow.execution_id ? new Promise(() => {}) : Promise.resolve()
  })
  const look = async () => {
    tasks.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  timers.start()
  await look()
  clock.now_ms = due_ms
  await look()
  assert.deepEqual(woken, [slow.execution_id, quick.execution_id], 'the slow one is woken once')
  timers.stop()
})

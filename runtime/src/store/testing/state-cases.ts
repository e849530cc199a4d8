import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Recorded, StateWrite } from '../port.ts'
import { type OpenSubject, PAGE, type Subject, TENANT } from './subject.ts'

const KEYS = ['a', 'a/1', 'a/10', 'a/2', 'a🛩', 'a\uffee', 'b']

/** A running execution, and how it writes state. */
async function openWriting(open: OpenSubject) {
  const subject = await open()
  const execution = await subject.execution(await subject.session())
  const write = (...state: Partial<StateWrite>[]): Promise<Recorded> =>
    subject.record(execution, { state: state.map((one) => ({ scope: 'session', key: 'k', value: '1', ...one })) })
  const read = async (key = 'k') => {
    const row = await subject.store.getState('session', execution.session_id, key)
    return row && [row.value, row.revision]
  }
  return {
    subject,
    execution,
    write,
    read,
    [Symbol.asyncDispose]: () => (subject satisfies Subject)[Symbol.asyncDispose](),
  }
}

export function stateCases(open: OpenSubject): void {
  test('a write with a revision succeeds only on that revision, and 0 means that the key is absent', async () => {
    await using it = await openWriting(open)
    assert.equal((await it.write({ value: '"a"', revision: 0 })).outcome, 'recorded')
    assert.deepEqual(await it.read(), ['"a"', 1])
    assert.deepEqual(await it.write({ revision: 0 }), { outcome: 'state_conflict', key: 'k', revision: 1 })
    assert.deepEqual(await it.write({ revision: 2 }), { outcome: 'state_conflict', key: 'k', revision: 1 })
    assert.equal((await it.write({ value: '"b"', revision: 1 })).outcome, 'recorded')
    assert.equal((await it.write({ value: '"c"' })).outcome, 'recorded')
    assert.deepEqual(await it.read(), ['"c"', 3])
  })

  test('a deleted key is absent, and a key that is made again is not mistaken for the one before', async () => {
    await using it = await openWriting(open)
    await it.write({ value: '"first"' })
    assert.equal((await it.write({ value: null, revision: 1 })).outcome, 'recorded')
    assert.equal(await it.read(), null)
    assert.deepEqual(await it.write({ revision: 1 }), { outcome: 'state_conflict', key: 'k', revision: 0 })
    assert.equal((await it.write({ value: '"again"', revision: 0 })).outcome, 'recorded')
    const [, revision] = (await it.read()) ?? []
    assert.ok(Number(revision) > 1, 'the revision never goes back')
    const late = await it.write({ value: '"late"', revision: 1 })
    assert.deepEqual(late, { outcome: 'state_conflict', key: 'k', revision })
  })

  test('of many writers that saw the same revision, one wins', async () => {
    await using it = await openWriting(open)
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => it.write({ value: `${i}`, revision: 0 })))
    assert.equal(answers.filter(({ outcome }) => outcome === 'recorded').length, 1)
    assert.deepEqual(await it.read(), ['0', 1], 'the first that was given')
  })

  test('a conflict leaves nothing of its command: no entry, no status, no timer, no other write', async () => {
    await using it = await openWriting(open)
    const { subject, execution } = it
    const head = await subject.store.sessionHead(execution.session_id)
    const answer = await subject.record(execution, {
      status: 'waiting',
      state: [
        { scope: 'tenant', key: 'other', value: '1' },
        { scope: 'session', key: 'k', value: '1', revision: 7 },
      ],
      set_timers: [{ execution_id: execution.execution_id, ordinal: 1, due_ms: 0 }],
    })
    assert.deepEqual(answer, { outcome: 'state_conflict', key: 'k', revision: 0 })
    assert.deepEqual(await subject.store.sessionHead(execution.session_id), head)
    assert.equal((await subject.store.getExecution(TENANT, execution.execution_id))?.status, 'accepted')
    assert.equal(await subject.store.getState('tenant', TENANT, 'other'), null)
    assert.deepEqual(await subject.store.dueTimers(PAGE), { due: [], next_ms: null })
  })

  test('entries, state and status of a command are there together', async () => {
    await using it = await openWriting(open)
    const { subject, execution } = it
    const entries = ['state.changed', 'execution.completed'].map((type) => subject.entry(type, execution.execution_id))
    const state = [{ scope: 'session' as const, key: 'k', value: '"done"' }]
    const recorded = subject.record(execution, { entries, state, status: 'completed' })
    for (let done = false; !done;) {
      done = (await it.read()) !== null
      if (!done) continue
      const row = await subject.store.getExecution(TENANT, execution.execution_id)
      assert.equal(row?.status, 'completed')
      assert.deepEqual((await subject.types(execution.session_id)).slice(-2), ['state.changed', 'execution.completed'])
    }
    await recorded
  })

  test('writes of one command see those before them', async () => {
    await using it = await openWriting(open)
    const answer = await it.write(
      { value: '1', revision: 0 },
      { value: '2', revision: 1 },
      { value: null, revision: 2 },
    )
    assert.equal(answer.outcome, 'recorded')
    assert.equal(await it.read(), null)
    const conflict = await it.write({ value: '1', revision: 0 }, { value: '2', revision: 0 })
    assert.deepEqual(conflict, { outcome: 'state_conflict', key: 'k', revision: 4 })
    assert.equal(await it.read(), null)
  })

  test('keys with a prefix are listed in order, page by page, without those that were deleted', async () => {
    await using it = await openWriting(open)
    const { store } = it.subject
    const owner = it.execution.session_id
    await it.write(...KEYS.toReversed().map((key) => ({ key })), { key: 'a/gone' }, { key: 'a/gone', value: null })
    const list = async (prefix: string, limit: number): Promise<string[]> => {
      const keys: string[] = []
      let after: string | null = null
      do {
        const page = await store.listState('session', owner, prefix, after, limit)
        assert.ok(page.items.length <= limit)
        keys.push(...page.items.map(({ key }) => key))
        after = page.next
      } while (after !== null)
      return keys
    }
    const inOrder = KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    for (const limit of [1, 2, 3, PAGE]) {
      assert.deepEqual(await list('', limit), inOrder)
      assert.deepEqual(await list('a/', limit), ['a/1', 'a/10', 'a/2'])
      assert.deepEqual(await list('c', limit), [])
    }
  })
}

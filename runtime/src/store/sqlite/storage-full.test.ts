import assert from 'node:assert/strict'
import { test } from 'node:test'

import { StorageFull } from '../error.ts'
import type { Store } from '../port.ts'
import { PAGE, Subject, TENANT } from '../testing/subject.ts'
import { type SqliteOptions, openSqliteStore } from './open-sqlite-store.ts'
import { Scratch } from './testing/scratch.ts'

const PAGES_MAX = 120
const COMMANDS = 2_000

const openSubject = (options: Omit<SqliteOptions, 'clock'>): Promise<Subject> =>
  Subject.open(async (clock) => {
    const store: Store = await openSqliteStore({ clock, ...options })
    return { store, [Symbol.asyncDispose]: () => store.close() }
  })

test('a full disk refuses commands and nothing else: reads go on, and what was acknowledged is there, also with space again', async () => {
  using scratch = new Scratch()
  const subject = await openSubject({ folder: scratch.folder, pagesMax: PAGES_MAX })
  const session = await subject.session()
  const execution = await subject.execution(session)
  const data = JSON.stringify('x'.repeat(500))
  const entries = [subject.entry('step.completed', execution.execution_id, data)]
  const answers = await Promise.allSettled(
    Array.from({ length: COMMANDS }, () => subject.record(execution, { entries })),
  )
  const recorded = answers.flatMap((answer) =>
    answer.status === 'fulfilled' && answer.value.outcome === 'recorded' ? [answer.value.last_seq] : [],
  )
  assert.ok(recorded.length < COMMANDS)
  for (const answer of answers) if (answer.status === 'rejected') assert.ok(answer.reason instanceof StorageFull)

  const before = await subject.store.readSession(session, 0, PAGE)
  assert.deepEqual(
    before.slice(2).map(({ seq }) => seq),
    recorded,
  )
  assert.equal((await subject.store.getExecution(TENANT, execution.execution_id))?.status, 'running')
  await subject[Symbol.asyncDispose]()

  await using again = await openSubject({ folder: scratch.folder })
  assert.deepEqual(await again.store.readSession(session, 0, PAGE), before)
  assert.deepEqual((await again.store.listUnfinished(null, PAGE)).items.length, 1)
  const ended = await again.end(execution)
  assert.ok(ended.outcome === 'recorded' && ended.last_seq === before.length + 1)
})

test('when space is low, new work is refused while what was accepted goes on', async () => {
  using scratch = new Scratch()
  const first = await openSubject({ folder: scratch.folder })
  const session = await first.session()
  const execution = await first.execution(session)
  await first[Symbol.asyncDispose]()

  await using subject = await openSubject({ folder: scratch.folder, reserveBytes: Number.MAX_SAFE_INTEGER })
  await assert.rejects(subject.store.acceptIntent(subject.acceptCommand(session)), StorageFull)
  await assert.rejects(subject.session(), StorageFull)
  assert.equal((await subject.end(execution)).outcome, 'recorded')
  assert.deepEqual(await subject.closeSession(session), { outcome: 'closed' })
})

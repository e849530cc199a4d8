import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'

import type { ExecutionId } from '@biplane/protocol'

import { StoreLocked, StoreTooNew } from '../error.ts'
import type { Entry } from '../port.ts'
import { type Name, PAGE, Subject } from '../testing/subject.ts'
import { openSqliteStore } from './open-sqlite-store.ts'
import { DataBeside } from './read-beside.ts'
import { Scratch } from './testing/scratch.ts'

/** A batch of the index has few rows, so that it is written again and again and is behind in between. */
const openSubject = (folder: string) =>
  Subject.open(async (clock) => {
    const store = await openSqliteStore({ folder, clock, indexRowsMax: 8 })
    return { store, [Symbol.asyncDispose]: () => store.close() }
  })

function openBeside(folder: string): DataBeside {
  const beside = DataBeside.open(folder)
  assert.ok(beside)
  return beside
}

/** Read in portions that do not fit what is there. */
async function readAll(beside: DataBeside, execution: ExecutionId): Promise<Entry[]> {
  const all: Entry[] = []
  return beside.moment(async ({ readExecution }) => {
    for (;;) {
      const some = await readExecution(execution, all.at(-1)?.seq ?? 0, 3)
      all.push(...some)
      if (some.length < 3) return all
    }
  })
}

test('beside a store that writes, every entry that it has acknowledged is read, indexed or not', async () => {
  using scratch = new Scratch()
  await using subject = await openSubject(scratch.folder)
  const beside = openBeside(scratch.folder)
  const session = await subject.session()
  const executions = [await subject.execution(session), await subject.execution(session)]
  for (let round = 0; round < 30; round++) {
    await Promise.all(executions.map((execution) => subject.record(execution)))
    for (const { execution_id } of executions) {
      assert.deepEqual(
        (await readAll(beside, execution_id)).map((entry) => ({ ...entry })),
        (await subject.store.readExecution(execution_id, 0, PAGE)).map((entry) => ({ ...entry })),
      )
    }
  }
  await subject.end(executions[0] as Name)
  const unfinished = await beside.moment(async ({ listUnfinished }) => listUnfinished(null, PAGE))
  assert.deepEqual(
    unfinished.items.map(({ execution_id }) => execution_id),
    [executions[1]?.execution_id],
  )
  assert.equal(beside.countUnfinished(), 1)
  beside.close()
})

test('a moment does not move while the store writes, and keeps it from nothing', async () => {
  using scratch = new Scratch()
  await using subject = await openSubject(scratch.folder)
  const execution = await subject.execution(await subject.session())
  const beside = openBeside(scratch.folder)
  const seen = await beside.moment(async ({ readExecution }) => {
    const before = await readExecution(execution.execution_id, 0, PAGE)
    for (let more = 0; more < 20; more++) await subject.record(execution)
    return [before.length, (await readExecution(execution.execution_id, 0, PAGE)).length]
  })
  assert.deepEqual(seen, [1, 1])
  assert.equal((await readAll(beside, execution.execution_id)).length, 21)
  beside.close()
})

test('the lock of the folder stays with who has it', async () => {
  using scratch = new Scratch()
  await using subject = await openSubject(scratch.folder)
  const lock = join(scratch.folder, 'lock.db')
  const before = statSync(lock).mtimeMs
  const beside = openBeside(scratch.folder)
  await assert.rejects(openSqliteStore({ folder: scratch.folder, clock: Date }), StoreLocked)
  beside.close()
  await assert.rejects(openSqliteStore({ folder: scratch.folder, clock: Date }), StoreLocked)
  assert.equal(statSync(lock).mtimeMs, before)
  await subject.session()
})

test('data that nobody has at the moment is read too, and left as it is', async () => {
  using scratch = new Scratch()
  const subject = await openSubject(scratch.folder)
  const execution = await subject.execution(await subject.session())
  await subject[Symbol.asyncDispose]()
  const before = readFileSync(join(scratch.folder, 'biplane.db'))
  const beside = openBeside(scratch.folder)
  assert.equal((await readAll(beside, execution.execution_id)).length, 1)
  beside.close()
  assert.deepEqual(readFileSync(join(scratch.folder, 'biplane.db')), before)
  // SQLite leaves its log behind, with nothing in it.
  assert.equal(statSync(join(scratch.folder, 'biplane.db-wal')).size, 0)
  await (await openSubject(scratch.folder))[Symbol.asyncDispose]()
})

test('no data, and data of a newer version, is said', async () => {
  using scratch = new Scratch()
  assert.equal(DataBeside.open(scratch.folder), null)
  assert.deepEqual(readdirSync(scratch.folder), [])
  await (await openSubject(scratch.folder))[Symbol.asyncDispose]()
  const db = new DatabaseSync(join(scratch.folder, 'biplane.db'))
  db.exec('PRAGMA user_version = 99')
  db.close()
  assert.throws(() => DataBeside.open(scratch.folder), StoreTooNew)
})

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, fstatSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'

import { StoreLocked, StoreTooNew } from '../error.ts'
import { Subject } from '../testing/subject.ts'
import { openSqliteStore } from './open-sqlite-store.ts'
import { Scratch } from './testing/scratch.ts'

const PAGE_BYTES = 4096
const MODULE = new URL('./open-sqlite-store.ts', import.meta.url).href
/** Tries to open the folder in another process, and prints the name of what comes of it. */
const TRY_TO_OPEN = `
  import('${MODULE}')
    .then(({ openSqliteStore }) => openSqliteStore({ folder: process.argv[1], clock: Date }))
    .then((store) => store.close(), (error) => console.log(error.name))`

const open = (folder: string) => openSqliteStore({ folder, clock: Date })
const inAnotherProcess = (folder: string): string =>
  execFileSync(process.execPath, ['--eval', TRY_TO_OPEN, folder], { encoding: 'utf8' }).trim()

/** A folder in which a store has been. */
async function usedFolder(): Promise<Scratch> {
  const scratch = new Scratch()
  await (await open(scratch.folder)).close()
  return scratch
}

test('a folder that does not exist is made, for its owner alone', async () => {
  using scratch = new Scratch()
  const folder = join(scratch.folder, 'a', 'b')
  await (await open(folder)).close()
  if (process.platform !== 'win32') assert.equal(statSync(folder).mode & 0o777, 0o700)
})

test('a folder is opened once; who was refused does not take the lock away from who has it', async () => {
  using scratch = new Scratch()
  const store = await open(scratch.folder)
  await assert.rejects(open(scratch.folder), StoreLocked)
  assert.equal(inAnotherProcess(scratch.folder), 'StoreLocked')
  await store.claimShards('still here')
  await store.close()
  assert.equal(inAnotherProcess(scratch.folder), '')
})

test('data of a newer version is refused with a word on what to do, and left as it is', async () => {
  using scratch = await usedFolder()
  const file = join(scratch.folder, 'biplane.db')
  const db = new DatabaseSync(file)
  db.exec('PRAGMA user_version = 99')
  db.close()
  const before = readFileSync(file)
  await assert.rejects(open(scratch.folder), (error) => {
    assert.ok(error instanceof StoreTooNew)
    assert.match(error.message, /schema version 99.*Run the version of Biplane that wrote it, or a later one/)
    return true
  })
  assert.deepEqual(readFileSync(file), before)
  assert.equal(inAnotherProcess(scratch.folder), 'StoreTooNew', 'the lock was given back')
})

test('a file that is damaged stops the process: it is reported once, and nothing is answered any more', async () => {
  using scratch = new Scratch()
  const fatal: Error[] = []
  await using subject = await Subject.open(async (clock) => {
    const onFatal = (error: Error) => fatal.push(error)
    const store = await openSqliteStore({ folder: scratch.folder, clock, onFatal, hotEntriesMax: 1, indexRowsMax: 4 })
    return { store, [Symbol.asyncDispose]: () => store.close() }
  })
  const session = await subject.session()
  const execution = await subject.execution(session)
  const entries = [subject.entry('step.completed', execution.execution_id, JSON.stringify('x'.repeat(2_000)))]
  for (let i = 0; i < 200; i++) await subject.record(execution, { entries })
  damage(join(scratch.folder, 'biplane.db-wal'))
  damage(join(scratch.folder, 'biplane.db'))

  await assert.rejects(readAll(), /cannot be relied on/)
  await assert.rejects(subject.record(execution), /cannot be relied on/)
  assert.deepEqual(
    fatal.map(({ message }) => message.includes(scratch.folder)),
    [true],
  )

  async function readAll(): Promise<void> {
    for (let after = 0; after < 200; after++) await subject.store.readSession(session, after, 1)
  }
})

/** Writes noise over everything but the first page. */
function damage(file: string): void {
  const handle = openSync(file, 'r+')
  const noise = Buffer.alloc(PAGE_BYTES, 0xa5)
  for (let at = PAGE_BYTES; at < fstatSync(handle).size; at += PAGE_BYTES) writeSync(handle, noise, 0, PAGE_BYTES, at)
  closeSync(handle)
}

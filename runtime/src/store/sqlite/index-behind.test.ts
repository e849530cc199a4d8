// The index is behind the log by design. Here the connection is cut at every single statement that writes, and each time what is
// left must be a log whose index names every entry up to `indexed_pos`, once and in its place, and which can be gone on with.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SessionId, TenantId } from '@biplane/protocol'

import type { Entry } from '../port.ts'
import { MemoryStore } from '../memory/memory-store.ts'
import { PAGE, Subject } from '../testing/subject.ts'
import { type Database, openForWriting } from './database.ts'
import { tenantScope } from './index-batch.ts'
import { lastPos } from './last-pos.ts'
import { INDEX_ENTRIES_MAX } from './limits.ts'
import { migrate } from './migrate.ts'
import { indexedPosOf, readEntries } from './read-entries.ts'
import { lastSeq } from './session-head.ts'
import { Scratch } from './testing/scratch.ts'
import { WriteDb } from './write-db.ts'
import { type CommandOf, WRITES, type WriteRequest, type WriteVerb } from './writes.ts'

/** Few rows a batch, so that the index is written again and again. */
const LIMITS = { indexRowsMax: 5, headsMax: 2 }
const ROUNDS = 2

type Work = Pick<WriteRequest, 'verb' | 'command'>

class Cut extends Error {}

/** From the `at`th write on, the connection is dead. */
function cutAt(db: Database, at: number): Database {
  const run = db.run.bind(db)
  let writes = 0
  db.run = (sql, ...values) => {
    if (writes++ >= at) throw new Cut(sql)
    return run(sql, ...values)
  }
  return db
}

/** Two executions at a time in each of two sessions, one of which closes. */
async function makeWorkload(): Promise<Work[]> {
  const subject = await Subject.open(async (clock) => ({
    store: new MemoryStore(clock),
    [Symbol.asyncDispose]: async () => {},
  }))
  const created = [subject.createCommand(), subject.createCommand('other')]
  const commands: Work[] = []
  const add = <V extends WriteVerb>(verb: V, command: CommandOf<V>) => commands.push({ verb, command })
  for (const command of created) add('createSession', command)
  for (let round = 0; round < ROUNDS; round++) {
    const accepted = created.map(({ session }) => subject.acceptCommand(session.session_id, {}, session.tenant_id))
    for (const command of accepted) add('acceptIntent', command)
    for (const { execution } of [...accepted, ...accepted]) add('recordExecution', subject.recordCommand(execution))
    if (round === ROUNDS - 1) {
      const { session_id, tenant_id } = (created[0] as (typeof created)[0]).session
      add('closeSession', {
        lease: subject.leaseOf(session_id),
        tenant_id,
        session_id,
        closing: subject.entry('session.closing'),
      })
    }
    for (const { execution } of accepted) {
      const entries = [subject.entry('execution.completed', execution.execution_id)]
      add('recordExecution', subject.recordCommand(execution, { entries, status: 'completed' }))
    }
  }
  return commands
}

/** Carries out the commands after those that were done, one transaction each, and counts them. */
function work(db: Database, commands: readonly Work[], done: { count: number }): void {
  const writing = new WriteDb(db, LIMITS)
  for (const { verb, command } of commands.slice(done.count)) {
    writing.transaction(() => WRITES[verb](writing, command as never))
    done.count++
  }
}

function checkIndex(db: Database): void {
  db.reading(() => {
    const indexedPos = indexedPosOf(db)
    const log = db.all('SELECT * FROM entry ORDER BY pos').map((row) => ({ ...row }) as unknown as Entry)
    const indexed = log.filter(({ pos }) => pos <= indexedPos)
    assert.ok(indexedPos <= lastPos(db))
    for (const scopeOf of [
      (entry: Entry) => entry.session_id,
      (entry: Entry) => entry.execution_id,
      (entry: Entry) => tenantScope(entry.tenant_id),
    ]) {
      for (const [scope, entries] of Map.groupBy(indexed, scopeOf)) {
        if (scope === null) continue
        assert.deepEqual(
          readEntries(db, scope, 0, PAGE).entries.map((row) => ({ ...row })),
          entries,
        )
      }
    }
    for (const entries of Map.groupBy(log, ({ session_id }) => session_id).values()) {
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        entries.map((_, i) => i + 1),
      )
    }
    const pairs = new Set(indexed.flatMap(({ session_id, execution_id: id }) => (id ? [`${session_id} ${id}`] : [])))
    const rows = db.all("SELECT session_id || ' ' || execution_id AS pair FROM execution_of_session")
    assert.deepEqual(new Set(rows.map(({ pair }) => pair)), pairs)
  })
}

/** Opens the file as the writer does, after which nothing may be behind and every head is that of the log. */
function checkTakenUp(db: Database): void {
  const writing = new WriteDb(db, LIMITS)
  assert.equal(writing.index.indexedPos, lastPos(db))
  checkIndex(db)
  for (const row of db.all('SELECT session_id, max(seq) AS seq FROM entry GROUP BY session_id')) {
    assert.equal(lastSeq(writing, row['session_id'] as SessionId), row['seq'])
  }
  for (const row of db.all('SELECT tenant_id, count(*) AS count FROM entry GROUP BY tenant_id')) {
    assert.equal(writing.tenant(row['tenant_id'] as TenantId).last_seq, row['count'])
  }
}

/** A file with the schema, whose durability is of no matter here. */
function openFile(folder: string): Database {
  const db = openForWriting(folder)
  db.execute('PRAGMA synchronous = OFF')
  return db
}

test('wherever the writer is cut, the index is right as far as it says, and the next writer takes up the rest', async () => {
  const commands = await makeWorkload()
  for (let at = 0; ; at++) {
    using scratch = new Scratch()
    const db = openFile(scratch.folder)
    migrate(db)
    const writing = new WriteDb(db, LIMITS)
    writing.transaction(() => WRITES.claimShards(writing, { owner: 'test' }))
    const done = { count: 0 }
    try {
      work(cutAt(db, at), commands, done)
    } catch (error) {
      if (!(error instanceof Cut)) throw error
    }
    db.close()

    const next = openFile(scratch.folder)
    checkIndex(next)
    checkTakenUp(next)
    const before = done.count
    work(next, commands, done)
    checkIndex(next)
    next.close()
    if (before === commands.length) return assert.ok(at > commands.length * 3, 'every statement was cut once')
  }
})

test('a writer that is cut between two slices of what is behind leaves the first of them, and the next goes on there', () => {
  using scratch = new Scratch()
  const count = INDEX_ENTRIES_MAX * 2 + 10
  const db = openFile(scratch.folder)
  migrate(db)
  db.execute(`
    INSERT INTO entry (pos, tenant_id, session_id, seq, execution_id, kind, type, time_ms, data)
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
    SELECT i + 1, 'acme', 'ses_' || (i % 100), i / 100 + 1, NULL, 'session', 'session.created', 0, '{}' FROM n`)
  const writes = { commits: 0 }
  const run = db.run.bind(db)
  db.run = (sql, ...values) => {
    if (sql === 'COMMIT' && ++writes.commits === 2) throw new Cut()
    return run(sql, ...values)
  }
  assert.throws(() => new WriteDb(db), Cut)
  db.close()

  const next = openFile(scratch.folder)
  assert.equal(
    next.reading(() => indexedPosOf(next)),
    INDEX_ENTRIES_MAX,
  )
  const writing = new WriteDb(next)
  assert.equal(writing.index.indexedPos, count)
  const { entries } = next.reading(() => readEntries(next, 'ses_7', 0, PAGE))
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    Array.from({ length: Math.ceil((count - 7) / 100) }, (_, i) => i + 1),
  )
  next.close()
})

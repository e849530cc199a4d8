// A file of before the entries of tenants were counted: its index of tenants holds places of the whole log.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

import { PAGE, Subject } from '../testing/subject.ts'
import { openForWriting } from './database.ts'
import { openSqliteStore } from './open-sqlite-store.ts'
import { Scratch } from './testing/scratch.ts'

const MIGRATIONS = new URL('./migrations/', import.meta.url)
const ENTRIES = 200

/** Schema version 3, with its index: two tenants, whose entries take turns, in a session each. */
function makeOldFile(folder: string): void {
  const db = openForWriting(folder)
  for (const name of readdirSync(MIGRATIONS).sort().slice(0, 3)) {
    db.execute(readFileSync(new URL(name, MIGRATIONS), 'utf8'))
  }
  db.execute(`
    INSERT INTO entry (pos, tenant_id, session_id, seq, execution_id, kind, type, time_ms, data)
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${ENTRIES - 1})
    SELECT i + 1, 'ten_' || (i % 2), 'ses_' || (i % 2), i / 2 + 1, NULL, 'session', 'session.created', 0, '{}' FROM n;
    INSERT INTO entry_index (scope, first, pos, places) SELECT 'ten:' || tenant_id, pos, pos, x'' FROM entry;
    INSERT INTO entry_index (scope, first, pos, places) SELECT session_id, seq, pos, x'' FROM entry;
    UPDATE meta SET value = ${ENTRIES} WHERE name = 'indexed_pos';
    PRAGMA user_version = 3;`)
  db.close()
}

test('the entries of tenants in an older file are counted when it is opened, and its sessions are as they were', async () => {
  using scratch = new Scratch()
  makeOldFile(scratch.folder)
  await using subject = await Subject.open(async (clock) => {
    const store = await openSqliteStore({ folder: scratch.folder, clock })
    return { store, [Symbol.asyncDispose]: () => store.close() }
  })
  const { store } = subject
  assert.equal(await store.tenantHead('ten_1'), ENTRIES / 2)
  const { entries: behind } = await store.readTenant('ten_1', 90, PAGE)
  assert.deepEqual(
    behind.map(({ pos }) => pos),
    Array.from({ length: 10 }, (_, i) => 182 + 2 * i),
  )
  assert.equal((await store.readSession('ses_0' as never, 0, PAGE)).length, ENTRIES / 2)
  await subject.session('ten_1')
  assert.equal((await store.readTenant('ten_1', ENTRIES / 2, PAGE)).entries[0]?.pos, ENTRIES + 1)
})

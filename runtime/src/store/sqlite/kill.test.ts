import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import type { SessionId } from '@biplane/protocol'

import { StoreLocked } from '../error.ts'
import type { Entry, Store } from '../port.ts'
import { PAGE, TENANT } from '../testing/subject.ts'
import { openSqliteStore } from './open-sqlite-store.ts'
import { Scratch } from './testing/scratch.ts'

const CHILD = fileURLToPath(new URL('./testing/writing-child.ts', import.meta.url))
/** How many acknowledgements the process lives for, in each round. */
const ROUNDS = [1, 700, 2_500]

const startWriting = (folder: string): ChildProcess =>
  spawn(process.execPath, [CHILD, folder], { stdio: ['ignore', 'pipe', 'inherit'] })

/** Lets a process write until it has acknowledged so much, kills it, and answers all that it acknowledged. */
async function killAfter(folder: string, acknowledgements: number): Promise<string[]> {
  const child = startWriting(folder)
  assert.ok(child.stdout)
  const exit = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (lines.length === acknowledgements) child.kill('SIGKILL')
  }
  assert.equal((await exit)[1], 'SIGKILL')
  return lines
}

/** Every entry of every session, each log checked. */
async function readWhole(store: Store): Promise<Entry[]> {
  const all: Entry[] = []
  for (const { session_id } of (await store.listSessions(TENANT, null, PAGE)).items) {
    const log: Entry[] = []
    for (;;) {
      const entries = await store.readSession(session_id, log.length, PAGE)
      if (entries.length === 0) break
      log.push(...entries)
    }
    await checkLog(store, session_id, log)
    all.push(...log)
  }
  return all
}

async function checkLog(store: Store, session: SessionId, log: readonly Entry[]): Promise<void> {
  assert.deepEqual(
    log.map(({ seq }) => seq),
    log.map((_, i) => i + 1),
  )
  assert.equal((await store.sessionHead(session))?.last_seq, log.length)
  const ofExecutions = Map.groupBy(log.slice(1), ({ execution_id }) => execution_id)
  for (const [execution_id, entries] of ofExecutions) {
    assert.ok(execution_id)
    assert.deepEqual(await store.readExecution(execution_id, 0, PAGE), entries)
    const ended = entries.at(-1)?.type === 'execution.completed'
    const row = await store.getExecution(TENANT, execution_id)
    assert.equal(row?.status === 'completed', ended, 'the status is that of the log')
  }
}

const lineOf = ({ session_id, execution_id, seq, type }: Entry) => `${session_id} ${execution_id} ${seq} ${type}`

const executionsWith = (entries: readonly Entry[], type: string) =>
  new Set(entries.filter((entry) => entry.type === type).map(({ execution_id }) => execution_id))

async function checkUnfinished(store: Store, entries: readonly Entry[]): Promise<void> {
  const rows = (await store.listUnfinished(null, PAGE)).items
  const ended = executionsWith(entries, 'execution.completed')
  assert.deepEqual(
    new Set(rows.map(({ execution_id }) => execution_id)),
    executionsWith(entries, 'intent.accepted').difference(ended),
  )
}

test('a process that is killed in the middle of its writing loses nothing that it acknowledged, round after round', async () => {
  using scratch = new Scratch()
  const acknowledged: string[] = []
  for (const acknowledgements of ROUNDS) {
    acknowledged.push(...(await killAfter(scratch.folder, acknowledgements)))
    const store = await openSqliteStore({ folder: scratch.folder, clock: Date })
    try {
      const entries = await readWhole(store)
      const found = new Set(entries.map(lineOf))
      assert.deepEqual(
        acknowledged.filter((line) => !found.has(line)),
        [],
      )
      await checkUnfinished(store, entries)
    } finally {
      await store.close()
    }
  }
})

test('a second process is told that the folder is in use, and gets it once the first is gone, however that went', async () => {
  using scratch = new Scratch()
  const child = startWriting(scratch.folder)
  assert.ok(child.stdout)
  await once(child.stdout, 'data')
  const refused = openSqliteStore({ folder: scratch.folder, clock: Date })
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof StoreLocked)
    assert.match(error.message, /Another process uses the data in .*BIPLANE_DATA/)
    assert.ok(error.message.includes(scratch.folder))
    return true
  })
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
  await (await openSqliteStore({ folder: scratch.folder, clock: Date })).close()
})

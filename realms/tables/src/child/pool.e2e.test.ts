import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { openScratch } from '../scratch.ts'
import type { JobContext, RunJob } from '../jobs/job.ts'
import { Pool, type PoolOptions } from './pool.ts'

const FOREVER = 'SELECT count(*) AS n FROM range(1000000000) a, range(1000000000) b'
const WAIT_MS = 10
const PATIENCE_MS = 20_000

function openPool(t: TestContext, options: Partial<PoolOptions> = {}): Pool {
  const pool = new Pool({ children: 1, queueMax: 10, jobMsMax: 60_000, ...options })
  t.after(() => pool.close())
  return pool
}

const quiet = (signal = new AbortController().signal): JobContext => ({ signal, progress: () => {} })
const jobOf = (scratch: string, sql: string): RunJob => ({
  kind: 'run',
  scratch,
  inputs: {},
  views: [],
  says: 'Working',
  queries: [{ name: 'q', sql }],
})
const one = (scratch: string) => jobOf(scratch, 'SELECT 1 AS n')
const answer = { q: { rows: [{ n: 1 }], written: 0 } }

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (!(await condition())) {
    assert.ok(performance.now() < end, 'waited too long')
    await delay(WAIT_MS)
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a child is used again for the next job', async (t) => {
  await using scratch = await openScratch()
  const pool = openPool(t)
  assert.deepEqual(await pool.run(one(scratch.path), quiet()), answer)
  const [pid] = pool.pids
  assert.deepEqual(await pool.run(one(scratch.path), quiet()), answer)
  assert.deepEqual(pool.pids, [pid])
})

test('jobs that begin in the same moment have a child each, and all of them end', async (t) => {
  await using scratch = await openScratch()
  const pool = openPool(t, { children: 2 })
  await pool.run(one(scratch.path), quiet())
  const together = Array.from({ length: 6 }, () => pool.run(one(scratch.path), quiet()))
  assert.deepEqual(
    await Promise.all(together),
    together.map(() => answer),
  )
  assert.equal(pool.pids.length, 2)
})

test('a child that dies fails its job in a way that may be tried again, and is replaced', async (t) => {
  await using scratch = await openScratch()
  const pool = openPool(t)
  let begun = false
  const running = pool.run(jobOf(scratch.path, FOREVER), { ...quiet(), progress: () => void (begun = true) })
  const failed = assert.rejects(running, { name: 'RetryableError', code: 'tables.child_ended' })
  await until(() => begun)
  process.kill(pool.pids[0]!, 'SIGKILL')
  await failed
  assert.deepEqual(await pool.run(one(scratch.path), quiet()), answer)
})

test('an aborted job stops, with the reason that was given, and others go on', async (t) => {
  await using scratch = await openScratch()
  const pool = openPool(t)
  const abort = new AbortController()
  const running = pool.run(jobOf(scratch.path, FOREVER), {
    signal: abort.signal,
    progress: () => abort.abort(new Error('enough')),
  })
  await assert.rejects(running, { message: 'enough' })
  assert.deepEqual(await pool.run(one(scratch.path), quiet()), answer)
})

test('a job that takes too long is stopped', async (t) => {
  await using scratch = await openScratch()
  const pool = openPool(t, { jobMsMax: 1_000 })
  await assert.rejects(pool.run(jobOf(scratch.path, FOREVER), quiet()), { code: 'tables.timeout' })
})

test('jobs beyond the children wait their turn; beyond the queue they are refused; a waiting one can leave', async (t) => {
  await using scratch = await openScratch()
  const pool = openPool(t, { queueMax: 2 })
  const abort = new AbortController()
  const first = pool.run(one(scratch.path), quiet())
  const leaving = pool.run(one(scratch.path), quiet(abort.signal))
  const waiting = pool.run(one(scratch.path), quiet())
  await assert.rejects(pool.run(one(scratch.path), quiet()), { code: 'tables.busy' })
  abort.abort(new Error('left'))
  await assert.rejects(leaving, { message: 'left' })
  assert.deepEqual(await Promise.all([first, waiting]), [answer, answer])
})

test('an error of a job says whether trying again can help', async (t) => {
  await using scratch = await openScratch()
  const pool = openPool(t)
  await assert.rejects(pool.run(jobOf(scratch.path, 'SELECT nonsense'), quiet()), {
    name: 'RetryableError',
    code: 'tables.failed',
  })
  const land = { kind: 'land', scratch: scratch.path, source: process.execPath, wishes: {} } as const
  await assert.rejects(pool.run(land, quiet()), { name: 'TerminalError', code: 'content.not_a_table' })
})

test('if the process that asked is killed, its child ends and takes its files along', async () => {
  const program = `
    const { Pool } = await import(${JSON.stringify(new URL('./pool.ts', import.meta.url).href)})
    const { openScratch } = await import(${JSON.stringify(new URL('../scratch.ts', import.meta.url).href)})
    const scratch = await openScratch()
    const pool = new Pool({ children: 1, queueMax: 1, jobMsMax: 60000 })
    const job = { kind: 'run', scratch: scratch.path, inputs: {}, views: [], says: 'Working', queries: [{ name: 'q', sql: ${JSON.stringify(FOREVER)} }] }
    pool.run(job, { signal: new AbortController().signal, progress: () => console.log(JSON.stringify([scratch.path, ...pool.pids])) })`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(parent.stdout, 'data')) as [Buffer]
  const [scratch, pid] = JSON.parse(said.toString()) as [string, number]
  assert.equal(existsSync(scratch), true)
  parent.kill('SIGKILL')
  await until(() => !isAlive(pid))
  await until(async () => !(await readdir(dirname(scratch))).includes(scratch.slice(dirname(scratch).length + 1)))
})

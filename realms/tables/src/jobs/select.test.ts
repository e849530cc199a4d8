import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openDuck, copyTo } from '../duck/open.ts'
import { openScratch } from '../scratch.ts'
import type { JobContext } from './job.ts'
import { select } from './select.ts'
import { context } from './test-jobs.ts'

const BYTES_MAX = 1_000_000

async function ask(
  sql: string,
  {
    rowsMax = 10,
    bytesMax = BYTES_MAX,
    signal = context.signal,
  }: { rowsMax?: number; bytesMax?: number; signal?: AbortSignal } = {},
) {
  await using scratch = await openScratch()
  const data = scratch.file('data.parquet')
  {
    using duck = await openDuck({ inputs: [], scratch: scratch.path, signal: context.signal })
    await duck.connection.run(copyTo('SELECT i AS id, i % 3 AS kind FROM range(100) AS r(i)', data))
  }
  const job = { kind: 'select', scratch: scratch.path, inputs: { data }, sql, rowsMax, bytesMax } as const
  const within: JobContext = { ...context, signal }
  return await select(job, within)
}

test('a SELECT is answered, in whichever form', async () => {
  assert.deepEqual((await ask('SELECT kind, count(*) AS n FROM data GROUP BY kind ORDER BY kind')).rows, [
    [0, 34],
    [1, 33],
    [2, 33],
  ])
  assert.equal((await ask('WITH a AS (FROM data) SELECT max(id) FROM a;')).rows[0]?.[0], 99)
  assert.equal((await ask('-- a comment\nFROM data')).truncated, true)
})

test('what is not one SELECT is refused with a reason', async () => {
  const refused = [
    '',
    ' ; ',
    '-- nothing',
    'SELECT 1; SELECT 2',
    'DROP VIEW data',
    'CREATE TABLE x AS SELECT 1',
    "COPY (SELECT 1) TO 'x.csv'",
    'SET threads = 1',
    'PREPARE p AS SELECT 1',
    'EXPLAIN ANALYZE SELECT 1',
    "ATTACH ':memory:' AS x",
    'SELECT $1',
    'SELECT nothing FROM data',
    'SELEC 1',
    `SELECT * FROM read_text('/etc/passwd')`,
    `SELECT error('no') FROM data`,
    `COPY (SELECT 1) TO '/tmp/data.parquet' (USE_TMP_FILE false)`,
    `EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/data.parquet' (USE_TMP_FILE false)`,
    `WITH a AS (SELECT 1) INSERT INTO data SELECT * FROM a`,
    `SELECT * FROM query('COPY (SELECT 1) TO ''/tmp/data.parquet''')`,
  ]
  for (const sql of refused) await assert.rejects(ask(sql), { code: 'data_mash.sql_invalid' }, sql)
})

test('an answer stops at its bound of rows and of bytes', async () => {
  const rows = await ask('FROM data', { rowsMax: 5 })
  assert.deepEqual([rows.rows.length, rows.truncated], [5, true])
  const bytes = await ask("SELECT repeat('x', 1000) FROM data", { rowsMax: 100, bytesMax: 5000 })
  assert.deepEqual([bytes.rows.length, bytes.truncated], [4, true])
})

test('values are JSON that says the same', async () => {
  const sql = `SELECT 9007199254740993 AS big, 1.50::DECIMAL(9,2) AS money, DATE '2024-01-31' AS day, TIMESTAMP '2024-01-31 10:00:00' AS moment,
    'NaN'::DOUBLE AS nan, [1, 2] AS list, {'a': 1} AS struct, chr(0) || 'x' AS nul, NULL AS nothing, true AS yes, 'a'::BLOB AS bytes`
  assert.deepEqual((await ask(sql)).rows[0], [
    '9007199254740993',
    1.5,
    '2024-01-31',
    '2024-01-31T10:00:00',
    'NaN',
    [1, 2],
    { a: 1 },
    '\u2400x',
    null,
    true,
    'YQ==',
  ])
})

test('a query that runs away is interrupted', async () => {
  const signal = AbortSignal.timeout(300)
  const started = performance.now()
  await assert.rejects(ask('SELECT count(*) FROM range(1000000000) a, range(1000000000) b', { signal }), {
    name: 'TimeoutError',
  })
  assert.ok(performance.now() - started < 5_000)
})

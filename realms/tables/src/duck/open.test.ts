import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { openDuck } from './open.ts'
import { allRows } from './rows.ts'

test('a job reads its inputs, writes in its folder, and reaches nothing else', async (t) => {
  const outside = await mkdtemp(join(tmpdir(), 'biplane-outside-'))
  t.after(() => rm(outside, { recursive: true }))
  const scratch = join(outside, 'scratch')
  const input = join(outside, 'input.csv')
  await mkdir(scratch)
  await writeFile(input, 'a\n1\n')
  await writeFile(join(outside, 'secret.csv'), 'a\n2\n')
  using duck = await openDuck({ inputs: [input], scratch, signal: new AbortController().signal })
  const run = (sql: string) => allRows(duck.connection, sql)

  assert.deepEqual(await run(`SELECT * FROM '${input}'`), [{ a: 1 }])
  await run(`COPY (SELECT 1) TO '${scratch}/out.csv'`)
  const attacks = [
    `SELECT * FROM read_text('/etc/passwd')`,
    `SELECT * FROM read_csv('${outside}/secret.csv')`,
    `SELECT * FROM '${scratch}/../secret.csv'`,
    `SELECT * FROM glob('${outside}/*')`,
    `SELECT * FROM read_parquet('${outside}/*.parquet')`,
    `COPY (SELECT 1) TO '${outside}/written.csv'`,
    `COPY (SELECT 1) TO '${scratch}/../written.csv'`,
    `COPY (SELECT 1) TO '${input}'`,
    `ATTACH '${outside}/written.db'`,
    `EXPORT DATABASE '${outside}/written'`,
    'INSTALL httpfs',
    'LOAD httpfs',
    `SELECT * FROM read_csv('http://127.0.0.1:1/a.csv')`,
    'SET enable_external_access = true',
    "SET allowed_directories = ['/']",
    "SET memory_limit = '100GB'",
    'RESET lock_configuration',
    `SELECT getenv('PATH')`,
  ]
  for (const attack of attacks) await assert.rejects(run(attack), attack)
})

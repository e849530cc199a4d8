import assert from 'node:assert/strict'
import { closeSync, openSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { testRuntime, type TestRuntime } from '@biplane/tables/testing'
import type { Content } from '@biplane/tables'

import { content } from './content.ts'

interface Page {
  columns: { name: string; type: string }[]
  rows: unknown[][]
  row_numbers: number[]
  total: number
}

const ORDERS =
  'id;name;amount;day\n1;Ann;2,50;31.01.2024\n2;"B;ob";1.003,00;01.02.2024\n3;x\n4;J\xfcrg;abc;03.02.2024\n5;;4,00;\n'

async function upload(
  runtime: TestRuntime,
  file: string | Uint8Array,
  name = 'orders.csv',
  options = {},
): Promise<Content> {
  const sent = await runtime.put(file, name)
  return (await runtime.intent(content, 'content.upload', { file: sent, ...options })) as Content
}

const preview = async (runtime: TestRuntime, content_id: string, options = {}): Promise<Page> =>
  (await runtime.query(content, 'content.preview', { content_id, ...options })) as unknown as Page

test('an upload tells what was read, and keeps it for the tenant', async () => {
  await using runtime = await testRuntime()
  const made = await upload(runtime, Buffer.from(ORDERS, 'latin1'), 'C:\\data\\orders.csv')
  assert.deepEqual(
    [made.name, made.format, made.encoding, made.dialect, made.rows, made.rejected_cells, made.reject_reasons],
    [
      'orders.csv',
      'csv',
      'windows-1252',
      { delimiter: ';', quote: '"', header: true },
      { in: 5, landed: 4, rejected: 1 },
      1,
      { cell_count: 1 },
    ],
  )
  assert.deepEqual(
    made.columns.map(({ name, type, format, nulls, rejected }) => [name, type, format, nulls, rejected]),
    [
      ['id', 'integer', undefined, 0, 0],
      ['name', 'text', undefined, 1, 0],
      ['amount', 'decimal', '1.234,5', 0, 1],
      ['day', 'date', 'D.M.Y', 1, 0],
    ],
  )
  assert.deepEqual(runtime.state.get(`content/${made.content_id}`)?.value, made)
  assert.deepEqual(
    [runtime.steps, runtime.emitted.map(({ type }) => type)],
    [
      ['land', 'type', 'profile'],
      ['content.parsed', 'content.profiled'],
    ],
  )
  const { contents } = (await runtime.query(content, 'content.list', {})) as { contents: Content[] }
  assert.deepEqual(
    contents.map(({ content_id }) => content_id),
    [made.content_id],
  )
})

test('a preview shows rows and what was rejected, page by page, with numbers from text', async () => {
  await using runtime = await testRuntime()
  const { content_id } = await upload(runtime, Buffer.from(ORDERS, 'latin1'))
  assert.deepEqual(await preview(runtime, content_id, { offset: '1', limit: '2' }), {
    content_id,
    columns: [
      { name: 'id', type: 'BIGINT' },
      { name: 'name', type: 'VARCHAR' },
      { name: 'amount', type: 'DECIMAL(6,2)' },
      { name: 'day', type: 'DATE' },
    ],
    rows: [
      [2, 'B;ob', 1003, '2024-02-01'],
      [4, 'Jürg', null, '2024-02-03'],
    ],
    row_numbers: [2, 4],
    offset: 1,
    total: 4,
  })
  assert.deepEqual((await preview(runtime, content_id, { view: 'text' })).rows[1], [
    '2',
    'B;ob',
    '1.003,00',
    '01.02.2024',
  ])
  const cells = await preview(runtime, content_id, { view: 'rejected_cells' })
  assert.deepEqual([cells.row_numbers, cells.rows], [[4], [['amount', 'abc', 'not_decimal']]])
  const rows = await preview(runtime, content_id, { view: 'rejected_rows' })
  assert.deepEqual([rows.row_numbers, rows.rows[0]?.[3]], [[3], '3;x'])
  await assert.rejects(preview(runtime, 'cnt_none'), { code: 'content.not_found' })
})

test('a profile says what columns hold and may mean', async () => {
  await using runtime = await testRuntime()
  const people = Array.from(
    { length: 40 },
    (_, i) => `${i + 1},user${i}@example.com,${['DE', 'FR', 'IT'][i % 3]},${i / 2},1990-01-${(i % 28) + 1}`,
  )
  people[5] = '6,nobody,DE,3.5,1990-02-01'
  const { content_id } = await upload(runtime, `customer_id,contact,country,price,birth_date\n${people.join('\n')}\n`)
  const profile = (await runtime.query(content, 'content.profile', { content_id })) as unknown as {
    columns: {
      name: string
      distinct: number
      min: unknown
      max: unknown
      mean: number
      top: { count: number }[]
      histogram: { count: number }[]
      meanings: { meaning: string; counter_examples: string[] }[]
    }[]
  }
  const first = profile.columns.map(({ meanings }) => meanings[0]?.meaning)
  assert.deepEqual(first, ['key', 'email', 'country_code', 'money', 'date_of_birth'])
  const [id, contact, country, price] = profile.columns
  assert.deepEqual(contact?.meanings[0]?.counter_examples, ['nobody'])
  assert.deepEqual(
    [id?.distinct, country?.distinct, country?.top[0]?.count, price?.min, price?.max, price?.mean],
    [40, 3, 15, 0, 19.5, 9.775],
  )
  assert.equal(
    price?.histogram.reduce((sum, { count }) => sum + count, 0),
    40,
  )
})

test('the sender can say how a file is written', async () => {
  await using runtime = await testRuntime()
  const made = await upload(runtime, '1,5|2\n3,5|4\n', 'x', {
    delimiter: 'pipe',
    header: 'no',
    decimal: 'comma',
    name: 'mine',
  })
  assert.deepEqual([made.name, made.rows.landed], ['mine', 2])
  assert.deepEqual((await preview(runtime, made.content_id)).rows, [
    [1.5, 2],
    [3.5, 4],
  ])
})

test('what is no table fails with a reason and leaves nothing', async () => {
  await using runtime = await testRuntime()
  const jpeg = Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF\0', 'latin1')
  await assert.rejects(upload(runtime, jpeg, 'photo.csv'), {
    code: 'content.not_a_table',
    message: /JPEG picture.*Upload a table/,
  })
  await assert.rejects(upload(runtime, '', 'empty.csv'), { code: 'content.empty' })
  assert.equal(runtime.state.size, 0)
})

test('a large file streams through, with progress in bytes', async (t) => {
  await using runtime = await testRuntime()
  const path = join(tmpdir(), `biplane-large-${process.pid}.csv`)
  const rows = 200_000
  writeLarge(path, rows)
  t.after(() => rm(path))
  // The test's artifacts keep what they are given in memory, so a path is handed on as it is.
  const { path: real, put } = runtime.artifacts
  const large = await put(Buffer.from('stands for the large file'))
  runtime.artifacts.path = (artifact) =>
    artifact.artifact_id === large.artifact_id ? Promise.resolve(path) : real(artifact)
  const started = performance.now()
  const made = (await runtime.intent(content, 'content.upload', { file: large })) as Content
  const seconds = (performance.now() - started) / 1000
  assert.deepEqual(made.rows, { in: rows, landed: rows - 200, rejected: 200 })
  assert.ok(runtime.progress.some(({ unit, done, total }) => unit === 'bytes' && done! > 0 && done! < total!))
  t.diagnostic(`${rows} rows in ${seconds.toFixed(1)} s: ${Math.round(rows / seconds)} rows/s, typed and profiled`)
})

/** Rows with quoted cells; each thousandth is ragged. */
function writeLarge(path: string, rows: number): void {
  const file = openSync(path, 'w')
  let text = 'id,customer,amount,day,note\n'
  for (let i = 1; i <= rows; i++) {
    text +=
      i % 1000 === 0
        ? `${i},short\n`
        : `${i},${i % 5000},${(i % 9973) / 100},2024-0${(i % 9) + 1}-1${i % 10},"note ${i}, as text"\n`
    if (text.length > 1 << 20 || i === rows) {
      writeSync(file, text)
      text = ''
    }
  }
  closeSync(file)
}

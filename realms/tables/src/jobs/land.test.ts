import assert from 'node:assert/strict'
import { test } from 'node:test'

import { RECORD_BYTES_MAX } from '../read/rejected-row.ts'
import { landText } from './test-jobs.ts'

const NUL = '\u2400'

test('rows land as they are written, numbered by their record', async () => {
  const { landed, rows, rejected } = await landText('id,note\n1,"a ""b"", c"\n2\n3,"x\r\ny"\n4, spaced \n')
  assert.deepEqual(landed.rows, { in: 4, landed: 3, rejected: 1 })
  assert.deepEqual(rows, [
    [1, '1', 'a "b", c'],
    [3, '3', 'x\r\ny'],
    [4, '4', ' spaced '],
  ])
  assert.deepEqual(rejected, [
    { record: 2, line: 3, reason: 'cell_count', detail: 'It has 1 cell; the table has 2 columns.', raw: '2' },
  ])
})

test('Latin-1, UTF-8 and both in one file are told apart record by record', async () => {
  const latin = await landText(Buffer.from('id;city\n1;M\xfcnchen\n2;\x80 5\n', 'latin1'))
  assert.equal(latin.landed.encoding, 'windows-1252')
  assert.deepEqual(
    latin.rows.map((row) => row[2]),
    ['München', '€ 5'],
  )

  const mixed = await landText(Buffer.concat([Buffer.from('id,city\n1,Köln\n'), Buffer.from('2,K\xf6ln\n', 'latin1')]))
  assert.equal(mixed.landed.encoding, 'mixed')
  assert.deepEqual(
    mixed.rows.map((row) => row[2]),
    ['Köln', 'Köln'],
  )
  assert.equal(mixed.landed.warnings[0]?.code, 'mixed_encodings')

  const unknown = await landText(Buffer.from('id,city\n1,a\n2,\x81\xff\n', 'latin1'))
  assert.deepEqual(
    unknown.rejected.map(({ reason }) => reason),
    ['undecodable'],
  )
})

test('zeros in every other byte do not make a file of single bytes UTF-16', async () => {
  const { landed, rows } = await landText('x,y\n1,2\n\0a\0a\0a')
  assert.equal(landed.encoding, 'utf-8')
  assert.deepEqual(rows, [[1, '1', '2']])
})

test('UTF-16 with and without a mark, and encodings that are named, are read', async () => {
  const text = 'id,city\n1,Zürich\n2,Łódź\n'
  const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16()
  const little = Buffer.from(text, 'utf16le')
  for (const file of [little, swapped(little), Buffer.concat([Buffer.from([0xff, 0xfe]), little])]) {
    assert.deepEqual(
      (await landText(file)).rows.map((row) => row[2]),
      ['Zürich', 'Łódź'],
    )
  }
  const russian = Buffer.from([0x69, 0x64, 0x2c, 0x78, 0x0a, 0x31, 0x2c, 0xcc, 0xe8, 0xf0, 0x0a])
  assert.deepEqual((await landText(russian, { encoding: 'windows-1251' })).rows, [[1, '1', 'Мир']])
  await assert.rejects(landText('a,b\n', { encoding: 'klingon' }), { code: 'content.encoding_unknown' })
})

test('what is no table is refused with words, whatever its name', async () => {
  const refused = { code: 'content.not_a_table' }
  await assert.rejects(landText(Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF', 'latin1')), {
    ...refused,
    message: /JPEG picture/,
  })
  await assert.rejects(landText(Buffer.from('PK\x03\x04....', 'latin1')), { ...refused, message: /export it as CSV/ })
  await assert.rejects(landText('<!DOCTYPE html><html></html>'), refused)
  await assert.rejects(landText(Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) % 251))), refused)
  await assert.rejects(landText('{"id":1,"n":"x"'), { ...refused, message: /begins like JSON/ })
  for (const nothing of ['', '\ufeff', ' \n\n ', '[]'])
    await assert.rejects(landText(nothing), { code: 'content.empty' })
})

test('a header alone is a table without rows, and one cell is a table', async () => {
  const header = await landText('id,name\n')
  assert.deepEqual([header.landed.rows.in, header.landed.columns.length], [0, 2])
  assert.equal(header.landed.warnings[0]?.code, 'no_rows')
  assert.equal((await landText('5')).landed.rows.landed, 1)
})

test('NUL bytes stay in their cells', async () => {
  const { landed, rows } = await landText('id,name\n1,a\0b\n2,c\n')
  assert.equal(landed.nul, true)
  assert.deepEqual(rows, [
    [1, '1', `a${NUL}b`],
    [2, '2', 'c'],
  ])
})

test('many columns, repeated and empty names, titles above the header, a separator hint', async () => {
  const wide = Array.from({ length: 200 }, (_, i) => `c${i}`).join(',')
  assert.equal((await landText(`${wide}\n${wide.replaceAll('c', '')}\n`)).landed.columns.length, 200)
  const names = await landText('id,ID,,näme (x),2024\n1,2,3,4,5\n')
  assert.deepEqual(
    names.landed.columns.map(({ name }) => name),
    ['id', 'ID_2', 'column_3', 'näme_x', '_2024'],
  )
  const titled = await landText('Report\nid;n\n1;2\n3;4\n5;6\n')
  assert.deepEqual(
    titled.rejected.map(({ reason, line }) => [reason, line]),
    [['before_header', 1]],
  )
  assert.deepEqual((await landText('sep=|\nid|n\n1|2\n')).rows, [[1, '1', '2']])
  const many = Array.from({ length: 700 }, (_, i) => `c${i}`).join(',')
  await assert.rejects(landText(`${many}\n`), { code: 'content.too_many_columns' })
})

test('a cell of megabytes lands, and one above the bound is a rejected row', async () => {
  const { landed, rows } = await landText(
    `id,t\n1,${'x'.repeat(RECORD_BYTES_MAX - 100)}\n2,${'y'.repeat(RECORD_BYTES_MAX)}\n3,z\n`,
  )
  assert.deepEqual(landed.reasons, { too_long: 1 })
  assert.deepEqual(
    rows.map((row) => [row[0], String(row[2]).length]),
    [
      [1, RECORD_BYTES_MAX - 100],
      [3, 1],
    ],
  )
})

test('JSON in its shapes is a table', async () => {
  const cells = async (file: string) => (await landText(file)).rows.map((row) => row.slice(1))
  assert.deepEqual(await cells('[{"a":1,"b":{"c":"x"}},\n {"a":null,"d":[1,2]}]'), [
    ['1', 'x', null],
    [null, null, '[1,2]'],
  ])
  assert.deepEqual(await cells('{"a":1}\n{"a":12345678901234567890}\n'), [['1'], ['12345678901234567890']])
  assert.deepEqual(await cells('{"meta":{"n":2},"rows":[{"a":"é"},{"a":true}],"more":[]}'), [['é'], ['true']])
  assert.deepEqual(await cells('[["id","n"],[1,"x"],[2,"y"]]'), [
    ['1', 'x'],
    ['2', 'y'],
  ])
  assert.deepEqual(await cells('{"a": 1,\n "b": 2}\n'), [['1', '2']])
})

test('broken JSON records are rejected one by one', async () => {
  const lines = await landText('{"a":1}\n{"a":\n[1]\n{"a":4}\n')
  assert.deepEqual(
    lines.rejected.map(({ record, reason }) => [record, reason]),
    [
      [2, 'not_json'],
      [3, 'not_an_object'],
    ],
  )
  const array = await landText('[{"a":1},\n{"a" 2},\n3,\n{"a":4}\n]')
  assert.deepEqual([array.landed.rows.in, array.landed.rows.landed], [4, 2])
})

test('quotes that pair nothing are kept, and that is said', async () => {
  const file = 'size,name\n5" pipe,"x\n3" pipe,y\n'
  const { landed, rows } = await landText(file)
  assert.deepEqual([rows[0]?.[2], landed.warnings[0]?.code], ['"x', 'quotes_are_text'])
  const named = await landText(file, { quote: '"' })
  assert.deepEqual(
    named.rejected.map(({ reason, record }) => [record, reason]),
    [[1, 'unterminated_quote']],
  )
})

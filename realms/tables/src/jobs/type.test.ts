import assert from 'node:assert/strict'
import { test } from 'node:test'

import { typeText } from './test-jobs.ts'

const column = (header: string, cells: readonly string[]): string => [header, ...cells].join('\n') + '\n'
const cellsOf = async (cells: readonly string[], header = 'x') => {
  const { typed, rows, rejected } = await typeText(column(header, cells))
  return {
    ...typed.columns[0]!,
    values: rows.map(([value]) => value),
    raw: rejected.map(({ raw }) => raw),
    warnings: typed.warnings,
  }
}

test('each type is found by its cells', async () => {
  const types: Record<string, readonly string[]> = {
    BIGINT: ['1', '-20', '+3'],
    'DECIMAL(19,0)': ['1', '9999999999999999999'],
    'DECIMAL(5,2)': ['1.5', '200.25', '3'],
    DOUBLE: ['1.5', '3.14159265', '2e10'],
    BOOLEAN: ['yes', 'no', 'Yes'],
    DATE: ['2024-02-29', '2023-12-31'],
    TIMESTAMP: ['2024-01-01T10:00:00', '2024-01-01 11:30'],
    TIME: ['10:30', '23:59:59'],
    VARCHAR: ['a', '1', 'b'],
  }
  for (const [type, cells] of Object.entries(types)) assert.equal((await cellsOf(cells)).sql_type, type, cells.join())
})

test('decimal commas, groups and money are read as numbers', async () => {
  assert.deepEqual((await cellsOf(['"1.234,50"', '"2,5"', '"1.000.000,00"'])).values, [1234.5, 2.5, 1000000])
  assert.deepEqual((await cellsOf(['"$1,234.50"', '$2', '($3.10)'])).values, [1234.5, 2, -3.1])
  assert.deepEqual((await cellsOf(['1 234', '5 678', '9'])).values, [1234, 5678, 9])
  const open = await cellsOf(['"1,234"', '"5,678"'])
  assert.deepEqual([open.values, open.warnings[0]?.code], [[1234, 5678], 'decimal_sign_open'])
  const named = await typeText(column('x', ['"1,234"', '"5,678"']), { named: ',', suggested: '.' })
  assert.deepEqual(named.rows, [[1.234], [5.678]])
})

test('one column that shows the decimal sign decides for those that do not', async () => {
  const { rows } = await typeText('a;b\n1.234;2,5\n5.678;3,5\n', { named: null, suggested: '.' })
  assert.deepEqual(rows, [
    [1234, 2.5],
    [5678, 3.5],
  ])
})

test('identifiers keep their leading zeros', async () => {
  assert.equal((await cellsOf(['01234', '12345', '99999', '10001'])).type, 'text')
  assert.equal((await cellsOf(['+4917012345', '+4917012346'])).type, 'text')
  assert.equal((await cellsOf(['0', '10', '200'])).type, 'integer')
})

test('the order of day and month is decided by any day above 12, of this column or another', async () => {
  assert.deepEqual((await cellsOf(['03/04/2024', '25/04/2024'])).values, ['2024-04-03', '2024-04-25'])
  assert.deepEqual((await cellsOf(['03/04/2024', '04/25/2024'])).values, ['2024-03-04', '2024-04-25'])
  const open = await cellsOf(['03/04/2024', '05/06/2024'])
  assert.deepEqual(
    [open.values, open.format, open.warnings[0]?.code],
    [['2024-03-04', '2024-05-06'], 'M/D/Y', 'date_order_open'],
  )
  const { rows } = await typeText('a,b\n03/04/2024,25/12/2024\n05/06/2024,01/01/2024\n')
  assert.deepEqual(rows[0], ['2024-04-03', '2024-12-25'])
})

test('dates in words, with zones, and with a clock of twelve hours', async () => {
  assert.deepEqual((await cellsOf(['Jan 1 2000', 'Feb 12 2001'])).values, ['2000-01-01', '2001-02-12'])
  assert.deepEqual((await cellsOf(['2024-01-01T10:00:00+02:00', '2024-01-01T10:00:00Z'])).values, [
    '2024-01-01T08:00:00',
    '2024-01-01T10:00:00',
  ])
  assert.deepEqual((await cellsOf(['1/31/2024 1:05 PM', '2/1/2024 12:00 am'])).values, [
    '2024-01-31T13:05:00',
    '2024-02-01T00:00:00',
  ])
  assert.deepEqual((await cellsOf(['2024/01/31 06:55', '2024/02/01 07:00'])).values, [
    '2024-01-31T06:55:00',
    '2024-02-01T07:00:00',
  ])
  assert.equal((await cellsOf(['20240131', '20240201'], 'order_date')).type, 'date')
  assert.equal((await cellsOf(['20240131', '20240201'], 'amount')).type, 'integer')
})

test('a cell that does not fit is null in its row and listed with its record', async () => {
  const { typed, rows, rejected } = await typeText(
    'id,amount,day\n1,2.50,2024-01-01\n2,abc,2024-01-02\n3,4,2024-02-31\n4,5,2024-01-04\n',
  )
  assert.deepEqual(rows[1], [2, null, '2024-01-02'])
  assert.deepEqual(rejected, [
    { row: 2, column: 'amount', raw: 'abc', reason: 'not_decimal' },
    { row: 3, column: 'day', raw: '2024-02-31', reason: 'not_date' },
  ])
  assert.equal(typed.rejectedCells, 2)
})

test('a column in which too much does not fit stays text', async () => {
  assert.equal((await cellsOf(['1', '2', 'a', 'b'])).type, 'text')
  const many = Array.from({ length: 100 }, (_, i) => (i < 94 ? String(i + 1) : 'x'))
  assert.equal((await cellsOf(many)).type, 'text')
  assert.equal((await cellsOf(many.with(94, '7'))).rejected, 5)
})

test('a word for nothing is empty in a column of numbers, and a word in a column of text', async () => {
  const numbers = await cellsOf(['1', 'NA', 'n/a', '-', '', '5'].map((cell) => `"${cell}"`))
  assert.deepEqual([numbers.nulls, numbers.rejected, numbers.values], [4, 0, [1, null, null, null, null, 5]])
  const codes = await cellsOf(['DE', 'NA', 'NULL', 'None', 'FR'])
  assert.deepEqual(codes.values, ['DE', 'NA', null, 'None', 'FR'])
})

test('a number that turns to text after thousands of rows is seen', async () => {
  const cells = Array.from({ length: 30_000 }, (_, i) => (i < 20_000 ? String(i + 1) : `x${i}`))
  assert.equal((await cellsOf(cells)).type, 'text')
})

test('a cell with a NUL is no text', async () => {
  const found = await cellsOf(['a\0b', 'c'])
  assert.deepEqual([found.values, found.rejected], [[null, 'c'], 1])
})

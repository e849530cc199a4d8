import assert from 'node:assert/strict'
import { test } from 'node:test'

import { cellShape } from './cell-shape.ts'
import { numberShape, undecorated } from './number-shape.ts'

const formats = (text: string): string[] => {
  const shape = cellShape(text)
  return shape.kind === 'date' || shape.kind === 'timestamp' ? shape.formats : []
}

test('a number proves its decimal sign, or leaves it open', () => {
  const shapes = [
    '12',
    '12.5',
    '12,5',
    '1,234',
    '1.234',
    '1,234,567.8',
    '1.234.567,8',
    '1 234',
    "1'234",
    '1e5',
    '.5',
    '-0.125',
  ]
  assert.deepEqual(shapes.map(numberShape), [
    'integer',
    'point',
    'comma',
    'comma_either',
    'point_either',
    'comma_groups',
    'point_groups',
    'space_groups',
    'quote_groups',
    'point',
    'point',
    'point',
  ])
  for (const none of ['007', '1.2.3', '12a', '', '1,23,4', '--5', '0x1F', '1_000'])
    assert.equal(numberShape(none), null, none)
})

test('money and shares are numbers with signs around them', () => {
  const cases = {
    '$1,234.50': '1,234.50',
    '12,50 €': '12,50',
    '45%': '45',
    '(12.50)': '12.50',
    '-$5': '-5',
    'EUR 7': '7',
    '($9)': '9',
  }
  for (const [text, inner] of Object.entries(cases)) assert.equal(undecorated(text)?.trim(), inner)
  for (const none of ['$', 'A5', '5 apples', '%']) assert.equal(cellShape(none).kind === 'number', false, none)
})

test('dates are known by how they are written', () => {
  assert.deepEqual(formats('2024-01-31'), ['Y-M-D'])
  assert.deepEqual(formats('31.1.2024'), ['D.M.Y'])
  assert.deepEqual(formats('01/02/2024'), ['D/M/Y', 'M/D/Y'])
  assert.deepEqual(formats('31/01/2024'), ['D/M/Y'])
  assert.deepEqual(formats('Jan 1 2000'), ['Mon D Y'])
  assert.deepEqual(formats('2024-01-31T10:00:00Z'), ['ISO'])
  assert.deepEqual(formats('31.01.2024 10:05'), ['D.M.Y'])
  for (const none of ['31.13.2024', '2024-13-01', '1/2', 'May', '12-34']) assert.deepEqual(formats(none), [], none)
})

test('digits that begin with a zero, and very many digits, are codes', () => {
  for (const code of ['007', '01234', '+4917012345', '12345678901234567890'])
    assert.equal(cellShape(code).kind, 'code', code)
  for (const number of ['0', '0.5', '10', '+5']) assert.equal(cellShape(number).kind, 'number', number)
})

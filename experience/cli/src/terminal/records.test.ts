import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'

import { recordsOf } from './records.ts'

const shown = (value: unknown, columns = 60, rowsMax = 100) =>
  recordsOf(value, { columns, rowsMax }).map((line) => stripVTControlCharacters(line))

test('fields stand one below the other, and what is nested is indented', () => {
  assert.deepEqual(shown({ name: 'orders', tags: ['a', 'b'], rows: { in: 3, out: null }, none: [], ok: true }), [
    'name  orders',
    'tags  a, b',
    'rows',
    '  in   3',
    '  out  ·',
    'none  none',
    'ok    true',
  ])
})

test('a list of objects is a table, with small objects spread over columns', () => {
  assert.deepEqual(
    shown([
      { id: 'a', rows: { in: 1, out: 2 } },
      { id: 'b', deep: { x: [1] } },
    ]),
    ['id  rows.in  rows.out  deep', 'a         1         2  ·', 'b         ·         ·  {"x":[1]}'],
  )
})

test('rows under named columns are a table, with a list as long as the rows as one more column', () => {
  const answer = {
    columns: [{ name: 'a' }, { name: 'b' }],
    rows: [
      [1, 'x'],
      [2, null],
    ],
    row_numbers: [7, 8],
    total: 2,
  }
  assert.deepEqual(shown(answer), ['row_numbers  a  b', '          7  1  x', '          8  2  ·', '', 'total  2'])
})

test('a number of rows that is no list is a field like others', () => {
  assert.deepEqual(shown({ columns: [{ name: 'a' }], rows: 3 }), ['columns', '  name', '  a', 'rows  3'])
})

test('long texts are broken between words, under where they begin', () => {
  assert.deepEqual(shown({ note: 'one two three four', x: 'a\nb' }, 16), [
    'note  one two',
    '      three four',
    'x     a',
    '      b',
  ])
})

test('of a long list the rest is counted; nothing at all is no line; a plain value is itself', () => {
  assert.deepEqual(shown([{ a: 1 }, { a: 2 }, { a: 3 }], 60, 2).at(-1), '(and 1 more; --json has them all)')
  assert.deepEqual([shown(null), shown('done'), shown(7), shown({})], [[], ['done'], ['7'], ['none']])
})

test('what is nested without end is shown as JSON from some depth on, and control characters never', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`) as unknown
  assert.equal(shown(deep).at(-1)?.trim(), '{"a":{"a":{"a":{"a":1}}}}')
  assert.deepEqual(shown({ 'k\u001b[2J': 'v\u001b]0;title\u0007' }), ['k [2J  v ]0;title '])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'

import { tableOf } from './table.ts'

const shown = (...args: Parameters<typeof tableOf>) => stripVTControlCharacters(tableOf(...args)).split('\n')

test('numbers stand to the right, and nothing is a dot', () => {
  assert.deepEqual(
    shown(
      ['name', 'n'],
      [
        ['pear', 7],
        ['fig', 120],
        ['plum', null],
      ],
      80,
    ),
    ['name    n', 'pear    7', 'fig   120', 'plum    ·'],
  )
})

test('columns that do not fit are counted, not wrapped', () => {
  const lines = shown(['first', 'second', 'third'], [['a'.repeat(20), 'b'.repeat(20), 'c'.repeat(20)]], 30)
  assert.equal(lines.at(-1), '(and 2 more columns)')
  assert.ok(lines.every((line) => line.length <= 30))
})

test('the last column is cut only at the edge of the screen', () => {
  const [, row = ''] = shown(['row', 'why'], [[1, 'w'.repeat(200)]], 60)
  assert.equal(row.length, 60)
  assert.ok(row.endsWith('…'))
})

test('what would move the cursor is taken out of somebody’s data', () => {
  const [, row] = shown(['v'], [['a\u001B[2Jb\nc']], 80)
  assert.equal(row, 'a [2Jb c')
})

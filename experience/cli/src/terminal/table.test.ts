import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'

import { tableOf } from './table.ts'
import { widthOf } from './text.ts'

const shown = (...args: Parameters<typeof tableOf>) => stripVTControlCharacters(tableOf(...args)).split('\n')
const ID = 'exe_01k9xpm2f80000000000000000'

test('numbers stand to the right, and nothing is a dot', () => {
  const rows = [
    ['pear', 7],
    ['fig', 120],
    ['plum', null],
  ]
  assert.deepEqual(shown(['name', 'n'], rows, 80), ['name    n', 'pear    7', 'fig   120', 'plum    ·'])
})

test('the widest give way first, and all that is cut says so', () => {
  const lines = shown(['short', 'long', 'n'], [['ab', 'b'.repeat(60), 1234567]], 40)
  assert.deepEqual(lines, ['short  long                            n', `ab     ${'b'.repeat(23)}…  1234567`])
})

test('ids are never cut; columns that do not fit are counted', () => {
  const lines = shown(['execution', 'intent', 'session'], [[ID, 'content.upload', ID.replace('exe', 'ses')]], 50)
  assert.deepEqual(lines, [`execution${' '.repeat(23)}intent`, `${ID}  content.upload`, '(and 1 more column)'])
})

test('without a screen nothing is cut', () => {
  const long = 'w'.repeat(500)
  assert.deepEqual(shown(['a', 'b'], [[long, long]], Number.POSITIVE_INFINITY)[1], `${long}  ${long}`)
})

test('wide characters, accents and emoji take the columns that a terminal gives them', () => {
  const names = ['日本語', 'Zoë', '👩‍👩‍👧‍👦', 'e\u0301te\u0301', '한국']
  const lines = shown(
    ['name', 'n'],
    names.map((name, i) => [name, i]),
    80,
  )
  assert.deepEqual(
    lines.map((line) => widthOf(line)),
    lines.map(() => 9),
  )
  const [, cut = ''] = shown(['name', 'x'], [['日本語日本語日本語', 'y'.repeat(12)]], 27)
  assert.equal(cut, `日本語日本語…  ${'y'.repeat(12)}`)
})

test('what would move the cursor, or turn the line around, is taken out of somebody’s data', () => {
  const [, row] = shown(['v'], [['a\u001B[2Jb\nc\u202Ed']], 80)
  assert.equal(row, 'a [2Jb cd')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { addToRealms } from './realms-list.ts'

const CASES: [what: string, before: string, after: string][] = [
  ['an empty list', 'realms: []', "realms: ['./n.ts']"],
  ['a list on one line', "realms: ['a', 'b'],", "realms: ['a', 'b', './n.ts'],"],
  ['a comma at the end', "realms: ['a',]", "realms: ['a', './n.ts']"],
  ['double quotes', '"realms": [ "a" ]', '"realms": [ "a", "./n.ts" ]'],
  ['a line for each', "realms: [\n    'a',\n    'b',\n  ],", "realms: [\n    'a',\n    'b',\n    './n.ts',\n  ],"],
  ['no comma behind the last line', "realms: [\n  'a'\n]", "realms: [\n  'a',\n  './n.ts',\n]"],
  ['a comment behind the last', "realms: [\n  'a' // why\n]", "realms: [\n  'a', // why\n  './n.ts',\n]"],
  ['nothing but a comment', 'realms: [\n    // none yet\n  ]', "realms: [\n    // none yet\n    './n.ts',\n  ]"],
  ['a list in a comment first', "/* realms: ['x'] */ realms: ['a']", "/* realms: ['x'] */ realms: ['a', './n.ts']"],
  ['brackets in strings', `realms: ['a]', "]b"]`, `realms: ['a]', "]b", "./n.ts"]`],
  ['an expression', 'realms: [...base, name(1)]', "realms: [...base, name(1), './n.ts']"],
  ['lines of Windows', "realms: [\r\n  'a',\r\n]", "realms: [\r\n  'a',\r\n  './n.ts',\r\n]"],
]

for (const [what, before, after] of CASES) {
  test(`a realm is added to ${what}, and nothing else changes`, () => {
    assert.equal(addToRealms(`// top\nx({ ${before} }) // end\n`, './n.ts'), `// top\nx({ ${after} }) // end\n`)
  })
}

test('a list that no longer fits on its line gets a line for each realm, unless something else stands there', () => {
  const long = `./${'x'.repeat(100)}.ts`
  assert.equal(
    addToRealms(`x({\n  realms: ['a', '${long}'],\n})\n`, './n.ts'),
    `x({\n  realms: [\n    'a',\n    '${long}',\n    './n.ts',\n  ],\n})\n`,
  )
  assert.equal(addToRealms(`realms: ['a', /* b */ '${long}']`, './n.ts'), `realms: ['a', /* b */ '${long}', './n.ts']`)
})

test('without a list that can be read, nothing is changed', () => {
  for (const text of ['', 'realms: names', 'const realms = []', "realms: ['a'", "// realms: ['a']"]) {
    assert.equal(addToRealms(text, './n.ts'), null)
  }
})

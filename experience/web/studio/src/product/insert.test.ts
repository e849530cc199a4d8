import assert from 'node:assert/strict'
import { test } from 'node:test'

import { insertion } from './insert.ts'

test('a name goes in quoted, and apart from what is there', () => {
  assert.equal(insertion('', 0, 'order'), '"order"')
  assert.equal(insertion('SELECT', 6, 'a b'), ' "a b"')
  assert.equal(insertion('SELECT ', 7, 'the "x"'), '"the ""x"""')
  assert.equal(insertion('SELECT "a" FROM data', 10, 'b'), ', "b"')
  assert.equal(insertion('SELECT sum() FROM data', 11, 'b'), '"b"')
})

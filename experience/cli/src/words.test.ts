import assert from 'node:assert/strict'
import { test } from 'node:test'

import { durationOf, plural, sizeOf } from './words.ts'

test('figures are told as people read them', () => {
  assert.deepEqual([0, 999, 1536, 5 * 1024 ** 3].map(sizeOf), ['0 B', '999 B', '1.5 KB', '5.0 GB'])
  assert.deepEqual([0.4, 41, 1_250, 125_000].map(durationOf), ['0 ms', '41 ms', '1.3 s', '2 min 5 s'])
  assert.deepEqual([plural(1, 'row'), plural(1_200, 'row')], ['1 row', '1,200 rows'])
})

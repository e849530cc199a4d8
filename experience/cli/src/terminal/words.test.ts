import assert from 'node:assert/strict'
import { test } from 'node:test'

import { durationOf, plural, sizeOf } from './words.ts'

test('figures are told as people read them', () => {
  assert.deepEqual([0, 999, 1536, 5 * 1024 ** 3].map(sizeOf), ['0 B', '999 B', '1.5 KB', '5.0 GB'])
  const durations = [0.4, 41, 999.6, 1_250, 59_960, 119_700, 125_000, 7_500_000].map(durationOf)
  assert.deepEqual(durations, ['0 ms', '41 ms', '1.0 s', '1.3 s', '1 min 0 s', '2 min 0 s', '2 min 5 s', '2 h 5 min'])
  assert.deepEqual([plural(1, 'row'), plural(1_200, 'row')], ['1 row', '1,200 rows'])
})

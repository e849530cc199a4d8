import assert from 'node:assert/strict'
import { test } from 'node:test'

import { toolNames } from './tool-name.ts'

test('a tool is named after its type, with letters that every host takes', () => {
  const names = toolNames(['content.upload', 'data_mash.create', 'a.b.c'])
  assert.deepEqual([...names.values()], ['content_upload', 'data_mash_create', 'a_b_c'])
})

test('types that would share a name get others, whichever of them comes first', () => {
  assert.deepEqual([...toolNames(['a.b_c', 'a_b.c', 'd.e']).values()], ['a-b_c', 'a_b-c', 'd_e'])
  assert.deepEqual([...toolNames(['a_b.c', 'a.b_c']).values()], ['a_b-c', 'a-b_c'])
})

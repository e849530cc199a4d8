import assert from 'node:assert/strict'
import { test } from 'node:test'

import { limitLines, lineSplitter, readable } from './output.ts'

test('of a log in JSON, warnings and errors are shown with their cause', () => {
  assert.equal(readable('{"level":30,"msg":"request"}', 'stdout'), null)
  assert.equal(readable('{"level":40,"msg":"slow"}', 'stdout'), 'warning: slow')
  assert.equal(readable('{"level":50,"msg":"failed","err":{"message":"disk"}}', 'stderr'), 'error: failed: disk')
  assert.equal(readable('{"level":50,"msg":"failed","error":"Error: disk"}', 'stdout'), 'error: failed: Error: disk')
})

test('of plain words, those on stderr are shown', () => {
  assert.equal(readable('Port 8000 is taken.', 'stderr'), 'Port 8000 is taken.')
  assert.equal(readable('{not JSON', 'stderr'), '{not JSON')
  assert.equal(readable('Biplane runtime on http://127.0.0.1:8000', 'stdout'), null)
  assert.equal(readable('', 'stderr'), null)
})

test('lines are put together over chunks, also in the middle of a character', () => {
  const lines: string[] = []
  const split = lineSplitter((line) => lines.push(line))
  const bytes = Buffer.from('für\r\nzwei\nrest')
  split(bytes.subarray(0, 2))
  split(bytes.subarray(2))
  assert.deepEqual(lines, ['für', 'zwei'])
})

test('a line without an end is cut, not collected', () => {
  const lines: string[] = []
  const split = lineSplitter((line) => lines.push(line))
  for (let i = 0; i < 100; i++) split(Buffer.alloc(1000, 'x'))
  split(Buffer.from('\n'))
  assert.equal(lines.length, 1)
  assert.ok((lines[0]?.length ?? 0) <= 1500)
})

test('a flood is cut off', () => {
  const lines: string[] = []
  const say = limitLines((line) => lines.push(line), 'runtime.log')
  for (let i = 0; i < 1000; i++) say(`line ${i}`)
  assert.deepEqual([lines.length, lines.at(-1)], [20, 'line 19'])
})

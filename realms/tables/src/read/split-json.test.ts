import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { detectJson, type JsonFormat } from './json-format.ts'
import { JsonSplitter } from './split-json.ts'

/** Everything a splitter says of a file, cut into chunks of this many bytes. */
function split(file: Buffer, format: JsonFormat, chunkBytes = file.length + 1) {
  const said: { record: number; line: number; value?: unknown; reason?: string; raw?: string }[] = []
  const splitter = new JsonSplitter(format, {
    value: (value, _bytes, place) => said.push({ ...place, value }),
    reject: ({ record, line, reason, raw }) => said.push({ record, line, reason, raw }),
  })
  for (let at = 0; at < file.length; at += chunkBytes) splitter.feed(file.subarray(at, at + chunkBytes), false)
  splitter.feed(Buffer.alloc(0), true)
  return said
}

const read = (text: string) => {
  const file = Buffer.from(text)
  return split(file, detectJson(file)!).map(({ value, reason }) => reason ?? value)
}

test('lines, arrays, wrapped arrays and single objects are told apart', () => {
  assert.deepEqual(read('{"a":1}\n{"a":2}\n'), [{ a: 1 }, { a: 2 }])
  assert.deepEqual(read(' [\n  {"a":1},\n  {"a":2}\n]\n'), [{ a: 1 }, { a: 2 }])
  assert.deepEqual(read('{"count":2,"rows":[{"a":"]"},{"a":2}],"more":[3]}'), [{ a: ']' }, { a: 2 }])
  assert.deepEqual(read('{\n  "a": {"b": "}"}\n}\n'), [{ a: { b: '}' } }])
  for (const none of ['[id],[name]\n1,2\n', '{x}\n', 'a,b\n', ''])
    assert.equal(detectJson(Buffer.from(none)), null, none)
})

test('a broken record costs its own line in either form', () => {
  assert.deepEqual(read('{"a":1}\n{"a":\n{"a":3}\n'), [{ a: 1 }, 'not_json', { a: 3 }])
  assert.deepEqual(read('[{"a":1},\n{"a" 2},\n{"a":3},\n{"a":4'), [{ a: 1 }, 'not_json', { a: 3 }, 'not_json'])
})

test('integers that a double would round stay as they are written', () => {
  assert.deepEqual(read('[{"a":12345678901234567890,"b":1234567890123456}]'), [
    { a: '12345678901234567890', b: 1234567890123456 },
  ])
})

test('where a file is cut into chunks changes nothing', () => {
  const part = fc.constantFrom(
    '{"a":1}',
    '{"é":"x\\"]"}',
    '[',
    ']',
    '{',
    '}',
    ',',
    '\n',
    '\r\n',
    ' ',
    '"',
    ':',
    '12',
    'null',
    '\\',
  )
  const file = fc.array(part, { maxLength: 25 }).map((parts) => Buffer.from(parts.join('')))
  const format = fc.constantFrom<JsonFormat>(
    { kind: 'lines' },
    { kind: 'elements', offset: 0, wrapped: false },
    { kind: 'elements', offset: 2, wrapped: true },
  )
  fc.assert(
    fc.property(file, format, fc.integer({ min: 1, max: 9 }), (bytes, kind, chunk) => {
      assert.deepEqual(split(bytes, kind, chunk), split(bytes, kind))
    }),
    { numRuns: 3000 },
  )
})

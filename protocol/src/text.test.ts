import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { canonicalJson } from './canonical.ts'
import { ProblemError } from './problem.ts'
import { MAX_JSON_DEPTH, hasCleanText, parseJson } from './text.ts'

const codeOf = (text: string): string => {
  try {
    parseJson(text)
    return 'taken'
  } catch (error) {
    assert.ok(error instanceof ProblemError)
    return error.code
  }
}

test('any JSON of clean text comes through unchanged', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const value: unknown = JSON.parse(text)
      fc.pre(hasCleanText(value) && !text.includes('__proto__'))
      assert.deepEqual(parseJson(text), value)
    }),
  )
})

test('nesting is bounded, also when braces are inside strings', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  assert.equal(codeOf(nested(MAX_JSON_DEPTH)), 'taken')
  assert.equal(codeOf(nested(MAX_JSON_DEPTH + 1)), 'body_too_deep')
  assert.equal(codeOf(JSON.stringify('['.repeat(1000))), 'taken')
  assert.equal(codeOf(JSON.stringify(`"${'['.repeat(1000)}`)), 'taken')
})

test('text that a store would change is refused, wherever it hides', () => {
  for (const text of ['"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '{"a\\u0000":1}', '[["\\ud83d"]]', '"\ud800"']) {
    assert.equal(codeOf(text), 'text_invalid', text)
  }
  for (const text of ['"\\ud83d\\ude00"', '"\\\\u0000"', '"\\u00e9"']) assert.equal(codeOf(text), 'taken', text)
})

test('keys that reach a prototype are refused', () => {
  for (const text of [
    '{"__proto__":{}}',
    '{"a":{"__proto__":1}}',
    '{"\\u005f_proto__":1}',
    '{"constructor":{"prototype":1}}',
  ]) {
    assert.equal(codeOf(text), 'malformed_json', text)
  }
  assert.equal(codeOf('{"constructor":"Ada"}'), 'taken')
})

test('canonical JSON does not depend on the order of keys', () => {
  assert.equal(canonicalJson({ b: [1, { d: 2, c: null }], a: 'x' }), '{"a":"x","b":[1,{"c":null,"d":2}]}')
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
      const shuffled = Object.fromEntries(Object.entries(value).toReversed())
      assert.equal(canonicalJson(shuffled), canonicalJson(value))
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('a key that stands twice in one object is refused, wherever that is; in two objects it is not', () => {
  const twice = ['{"a":1,"a":2}', '[{"b":{"a":1,"\\u0061":2}}]', '{"a":{"x":1},"a":{"y":2}}', '{"1":0,"1":0}']
  for (const text of twice) assert.equal(codeOf(text), 'malformed_json', text)
  for (const text of ['{"a":{"a":1}}', '[{"a":1},{"a":2}]', '{"a:b":"c:d"}', '{"a":":"}', '{"":"\\":\\""}']) {
    assert.equal(codeOf(text), 'taken', text)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as z from 'zod'

import type { JsonSchema } from '../kit/capability.ts'
import { fieldsFromText } from './form-fields.ts'

const Payload = z.object({
  text: z.string(),
  maybe: z.string().nullable(),
  number: z.number(),
  count: z.int().nullable(),
  flag: z.boolean(),
  either: z.union([z.string(), z.number()]),
  tags: z.array(z.string()),
  sizes: z.array(z.number()),
  rows: z.array(z.object({ x: z.int() })),
  where: z.object({ x: z.int() }),
})
const schema = z.toJSONSchema(Payload, { io: 'input' }) as JsonSchema
const read = (query: string) => fieldsFromText(new URLSearchParams(query), schema)

test('text becomes what its schema says it is', () => {
  assert.deepEqual(read('text=7&number=-1.5e3&count=3&flag=false&maybe=null&either=7'), {
    text: '7',
    number: -1500,
    count: 3,
    flag: false,
    maybe: 'null',
    either: '7',
  })
  assert.deepEqual(read('count=null'), { count: null })
})

test('text that does not fit stays text, for the runtime to say what is wrong with it', () => {
  const stays = { number: 'seven', count: '0x10', flag: 'yes', where: 'here' }
  assert.deepEqual(read(new URLSearchParams(stays).toString()), stays)
  assert.deepEqual(read('number=1e999&count='), { number: '1e999', count: null })
})

test('a list is a field given several times, or once; commas are text', () => {
  assert.deepEqual(read('tags=a,b&tags=c&sizes=1'), { tags: ['a,b', 'c'], sizes: [1] })
})

test('what is nested is written as JSON', () => {
  assert.deepEqual(read('where={"x":1}&rows=[{"x":1},{"x":2}]'), { where: { x: 1 }, rows: [{ x: 1 }, { x: 2 }] })
  assert.throws(() => read('where={"x":'), { code: 'malformed_json' })
})

test('a single value that is given twice must be the same twice', () => {
  assert.deepEqual(read('text=a&text=a'), { text: 'a' })
  assert.throws(() => read('text=a&text=b'), { code: 'duplicate_fields_differ' })
  assert.throws(() => read('tenant_id=acme&tenant_id=other'), { code: 'duplicate_fields_differ' })
})

test('fields that the payload does not know are passed on as they are', () => {
  assert.deepEqual(read('unknown=1&tenant_id=7'), { unknown: '1', tenant_id: '7' })
})

test('text that no store keeps is refused, in values and in names', () => {
  for (const query of ['text=%00', '%00=x']) assert.throws(() => read(query), { code: 'text_invalid' })
})

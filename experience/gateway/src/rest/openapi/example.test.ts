import assert from 'node:assert/strict'
import { test } from 'node:test'

import { artifact } from '@biplane/protocol'
import * as z from 'zod'

import type { JsonSchema } from '../../kit/capability.ts'
import { exampleOf } from './example.ts'

const Tree = z.object({
  name: z.string(),
  get inside() {
    return z.array(Tree)
  },
})

const SCHEMAS: Record<string, z.ZodType> = {
  text: z.string(),
  'long text': z.string().min(40),
  'short text': z.string().max(3),
  'an id': z.string().regex(/^cnt_[0-9A-Za-z_-]{1,60}$/),
  'a code': z.string().regex(/^[A-Z]{2}\d{4}-\w+$/),
  email: z.email(),
  uuid: z.uuid(),
  address: z.url(),
  day: z.iso.date(),
  moment: z.iso.datetime(),
  number: z.number().min(0.5).max(0.75),
  integer: z.int().gt(5).lt(7),
  'a half': z.number().gt(0.25).lt(0.75),
  'a negative': z.int().max(-3),
  'a multiple': z.number().multipleOf(5).min(12),
  list: z.array(z.string()).min(2),
  'an empty list': z.array(z.string()).max(0),
  pair: z.tuple([z.string(), z.int()]),
  choice: z.union([z.object({ a: z.int() }), z.string()]),
  word: z.enum(['left', 'right']),
  literal: z.literal('only'),
  file: artifact(),
  record: z.record(z.string(), z.int()),
  tree: Tree,
  anything: z.json(),
  nothing: z.null(),
  whole: z.object({ a: z.string(), b: z.int().optional(), c: z.object({ d: z.boolean() }).nullable() }),
}

for (const whole of [false, true]) {
  test(`an example fits its schema${whole ? ', with all that it may have' : ''}`, () => {
    for (const [what, schema] of Object.entries(SCHEMAS)) {
      const example = exampleOf(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, { whole })
      assert.ok(schema.safeParse(example).success, `${what}: ${JSON.stringify(example)}`)
    }
  })
}

test('what a schema gives as an example, or as usual, is taken', () => {
  const schema = z.object({ a: z.string().meta({ examples: ['given'] }), b: z.int().default(7) })
  assert.deepEqual(exampleOf(z.toJSONSchema(schema, { io: 'output' }) as JsonSchema), { a: 'given', b: 7 })
})

test('there is no example where none was found, rather than one that does not fit', () => {
  assert.equal(exampleOf({ type: 'string', pattern: '^(?=never)$' }), undefined)
  assert.equal(
    exampleOf({ type: 'object', required: ['a'], properties: { a: { type: 'string', pattern: '^(?=never)$' } } }),
    undefined,
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as z from 'zod'

import { ARTIFACT_KEYWORD, artifact } from '@biplane/protocol'

import { type Field, fieldsOf } from './fields.ts'
import type { Schema } from './schema.ts'

/** As a runtime describes what it takes. */
const fields = (schema: z.ZodType): Field[] => fieldsOf(z.toJSONSchema(schema, { io: 'input' }) as Schema)
/** `name takes`, with `*` of a list, `!` of what is required, and the words that are allowed. */
const told = (schema: z.ZodType): string[] =>
  fields(schema).map(
    ({ path, takes, isList, isRequired, words }) =>
      `${path.join('.')} ${takes}${isList ? '*' : ''}${isRequired ? '!' : ''}${words ? ` ${words.join('|')}` : ''}`,
  )

test('each kind of field is taken for what it is', () => {
  const schema = z.object({
    text: z.string(),
    whole: z.int().optional(),
    number: z.number().nullable().optional(),
    flag: z.boolean().default(false),
    word: z.enum(['a', 'b']).optional(),
    one: z.literal('x').optional(),
    either: z.union([z.literal('p'), z.literal('q')]).optional(),
    file: artifact(),
    files: z.array(artifact()).optional(),
    tags: z.array(z.string()).min(1),
    words: z.array(z.enum(['a', 'b'])).optional(),
    items: z.array(z.object({ n: z.int() })).optional(),
    grid: z.array(z.array(z.number())).optional(),
    mixed: z.union([z.int(), z.string()]).optional(),
    numbers: z.union([z.int(), z.boolean()]).optional(),
    map: z.record(z.string(), z.string()).optional(),
    anything: z.unknown().optional(),
  })
  assert.deepEqual(told(schema), [
    'text text!',
    'whole integer',
    'number number',
    'flag boolean',
    'word text a|b',
    'one text x',
    'either text p|q',
    'file file!',
    'files file*',
    'tags text*!',
    'words text* a|b',
    'items json*',
    'grid json*',
    'mixed any',
    'numbers json',
    'map json',
    'anything any',
  ])
})

test('the fields of an object stand behind it, down to some depth; inside, nothing is required on its own', () => {
  const schema = z.object({ where: z.object({ x: z.int(), of: z.object({ a: z.object({ b: z.string() }) }) }) })
  assert.deepEqual(told(schema), ['where json!', 'where.x integer', 'where.of json', 'where.of.a json'])
})

test('of a choice of objects all fields are there, and those that each of them needs are required', () => {
  const schema = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('card'), number: z.string(), amount: z.int() }),
    z.object({ kind: z.literal('cash'), amount: z.int(), note: z.string().optional() }),
  ])
  assert.deepEqual(told(schema), ['kind text! card|cash', 'number text', 'amount integer!', 'note text'])
})

test('objects that are put together have the fields of both', () => {
  assert.deepEqual(told(z.intersection(z.object({ a: z.string() }), z.object({ b: z.int().optional() }))), [
    'a text!',
    'b integer',
  ])
})

test('references are followed, and a schema that names itself ends', () => {
  interface Tree {
    name: string
    below?: Tree | undefined
  }
  const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), below: tree.optional() }))
  assert.deepEqual(told(tree), [
    'name text!',
    'below json',
    'below.name text',
    'below.below json',
    'below.below.name text',
    'below.below.below json',
  ])
  const shared = { $defs: { file: { type: 'object', [ARTIFACT_KEYWORD]: true } }, type: 'object' }
  const [file] = fieldsOf({ ...shared, properties: { scan: { $ref: '#/$defs/file', description: 'A scan.' } } })
  assert.deepEqual([file?.takes, file?.description], ['file', 'A scan.'])
})

test('a payload that is no object has no fields', () => {
  for (const schema of [z.string(), z.array(z.string()), z.unknown(), z.record(z.string(), z.int())]) {
    assert.deepEqual(told(schema), [])
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Capability, artifact } from '@biplane/protocol'
import * as z from 'zod'

import { type JsonSchema, addressOf, artifactFields, isFlat, refuseMisfit, typesOf } from './capability.ts'

const withPayload = (payload: z.ZodType): Capability => ({
  kind: 'query',
  type: 'trial.ask',
  realm: 'trial',
  realm_version: '1',
  title: 'trial.ask',
  payload_schema: z.toJSONSchema(payload, { io: 'input' }) as JsonSchema,
  result_schema: {},
  undoable: false,
})

test('an address follows from the type alone', () => {
  assert.equal(addressOf('content.upload'), '/v1/content/upload')
  assert.equal(addressOf('data_mash.create'), '/v1/data-mash/create')
  assert.equal(addressOf('a_b.c_d.e'), '/v1/a-b/c-d/e')
})

test('the fields that take a file are found, required or not', () => {
  const payload = z.strictObject({ file: artifact(), more: artifact().optional(), name: z.string() })
  assert.deepEqual(artifactFields(withPayload(payload)), ['file', 'more'])
})

test('a payload is flat if each field is one value or several of a kind', () => {
  const flat = z.object({
    text: z.string(),
    size: z.enum(['s', 'l']).nullable(),
    only: z.literal('x'),
    either: z.union([z.string(), z.number()]),
    tags: z.array(z.string()).optional(),
  })
  assert.equal(isFlat(withPayload(flat)), true)
  for (const deep of [
    z.object({ x: z.int() }),
    z.array(z.object({ x: z.int() })),
    z.array(z.array(z.int())),
    z.json(),
  ]) {
    assert.equal(isFlat(withPayload(z.object({ deep }))), false)
  }
  assert.equal(isFlat(withPayload(z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]))), false)
})

test('the types of a value are read out of every way in which a schema can say them', () => {
  assert.deepEqual(typesOf({ type: ['string', 'null'] }), ['string', 'null'])
  assert.deepEqual(typesOf({ anyOf: [{ type: 'integer' }, { type: 'null' }] }), ['integer', 'null'])
  assert.deepEqual(typesOf({ enum: ['a', 1, null] }), ['string', 'number', 'null'])
  assert.deepEqual(typesOf({ const: true }), ['boolean'])
  assert.deepEqual(typesOf({}), [])
})

test('a payload that its schema rules out is refused early, and what no schema can say is left to the runtime', () => {
  const capability = withPayload(z.strictObject({ n: z.int(), even: z.int().refine((n) => n % 2 === 0) }))
  assert.throws(() => refuseMisfit(capability, { n: 'x', even: 2 }), { code: 'payload_invalid' })
  refuseMisfit(capability, { n: 1, even: 3 })
  refuseMisfit({ ...capability, payload_schema: { $ref: '#/nowhere' } }, { n: 'x' })
})

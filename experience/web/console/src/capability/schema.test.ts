import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as z from 'zod'

import { type Control, type Schema, controlOf, firstValue } from './schema.ts'

const of = (schema: z.ZodType) => controlOf(z.toJSONSchema(schema, { io: 'input' }) as Schema)
const fieldsOf = (control: Control) => (control.kind === 'object' ? control.fields : [])
const kinds = (control: Control) =>
  fieldsOf(control).map(({ name, isRequired, control: { kind } }) => `${name}${isRequired ? '' : '?'} ${kind}`)

test('every field of a payload has a control that fits it, and what a form cannot say is JSON', () => {
  const control = of(
    z.object({
      sku: z.string().min(1).describe('What is ordered'),
      count: z.int().min(1).max(50),
      price: z.number().optional(),
      gift: z.boolean().optional(),
      speed: z.enum(['slow', 'fast']).default('slow'),
      size: z.enum(['s', 'l']).nullable(),
      tags: z.array(z.string()).optional(),
      to: z.object({ street: z.string() }).optional(),
      either: z.union([z.string(), z.object({ x: z.int() })]).optional(),
      more: z.record(z.string(), z.unknown()).optional(),
      file: z.object({ artifact_id: z.string() }).meta({ 'x-artifact': true }),
    }),
  )
  assert.deepEqual(kinds(control), [
    'sku text',
    'count number',
    'price? number',
    'gift? boolean',
    'speed? choice',
    'size choice',
    'tags? list',
    'to? object',
    'either? json',
    'more? json',
    'file file',
  ])
  const [sku, count, price] = fieldsOf(control).map((field) => field.control)
  assert.deepEqual([sku?.description, sku?.kind === 'text' && sku.minLength], ['What is ordered', 1])
  assert.deepEqual(count, {
    kind: 'number',
    isWhole: true,
    min: 1,
    max: 50,
    title: undefined,
    description: undefined,
    usual: undefined,
  })
  assert.equal(price?.kind === 'number' && price.max, undefined)
})

test('a schema that names itself ends in JSON', () => {
  const root = {
    $ref: '#/$defs/tree',
    $defs: { tree: { type: 'object', properties: { left: { $ref: '#/$defs/tree' } } } },
  }
  let control = controlOf(root)
  for (let i = 0; i < 10 && control.kind === 'object'; i++) control = control.fields[0].control
  assert.equal(control.kind, 'json')
})

test('a form begins with what is taken anyway, and not with what may be left out', () => {
  const control = of(
    z.object({
      a: z.string(),
      b: z.int().default(3),
      c: z.object({ d: z.string().default('x') }).optional(),
      e: z.boolean(),
    }),
  )
  assert.deepEqual(firstValue(control), { b: 3, e: false })
})

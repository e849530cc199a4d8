import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Command } from 'commander'
import * as z from 'zod'

import { fieldsOf } from './fields.ts'
import { setAt } from './gather.ts'
import { addFieldOptions } from './options.ts'
import type { Schema } from './schema.ts'

/** What the options of a schema make of a command line, as the payload that is sent. */
function payload(schema: z.ZodType, ...argv: string[]): object {
  const command = new Command('x').exitOverride().configureOutput({ writeErr: () => {} })
  const flags = addFieldOptions(command, fieldsOf(z.toJSONSchema(schema, { io: 'input' }) as Schema), 'intent')
  command.parse(argv, { from: 'user' })
  const options = command.opts<Record<string, unknown>>()
  const made = {}
  for (const { field, attribute } of flags) {
    if (Object.hasOwn(options, attribute)) setAt(made, field.path, options[attribute])
  }
  return made
}

const refuses = (schema: z.ZodType, argv: string[], why: RegExp) =>
  assert.throws(() => payload(schema, ...argv), why, argv.join(' '))

test('options become a payload, each of its type', () => {
  const schema = z.object({
    name: z.string(),
    size: z.int(),
    share: z.number(),
    on: z.boolean(),
    off: z.boolean(),
    content_ids: z.array(z.string()),
    sizes: z.array(z.int()),
    items: z.array(z.object({ n: z.int() })),
    where: z.object({ x: z.int(), y: z.string() }),
    mixed: z.union([z.int(), z.string()]),
    camelCase: z.string(),
  })
  const argv =
    `--name 7 --size 7 --share 0.5 --on --no-off --content-ids a --content-ids b,c --sizes 1 --sizes 2 --items {"n":1}
    --where {"x":1,"z":0} --where.x 2 --where.y q --mixed 12 --camelCase v`.split(/\s+/)
  assert.deepEqual(payload(schema, ...argv), {
    name: '7',
    size: 7,
    share: 0.5,
    on: true,
    off: false,
    content_ids: ['a', 'b,c'],
    sizes: [1, 2],
    items: [{ n: 1 }],
    where: { x: 2, z: 0, y: 'q' },
    mixed: 12,
    camelCase: 'v',
  })
  assert.deepEqual(payload(schema, '--mixed', 'twelve', '--where.y', 'q'), { where: { y: 'q' }, mixed: 'twelve' })
  assert.deepEqual(payload(schema), {}, 'what is not said is not sent, also of a boolean')
})

test('what a field cannot be is told at once', () => {
  const schema = z.object({ size: z.int(), share: z.number(), word: z.enum(['a', 'b']), where: z.object({}) })
  for (const size of ['x', '1.5', '', ' ', '1e999', 'Infinity', '9007199254740993'])
    refuses(schema, ['--size', size], /number/)
  refuses(schema, ['--share', '0x'], /must be a number/)
  refuses(schema, ['--word', 'c'], /one of: a, b/)
  refuses(schema, ['--where', '{x:1}'], /not JSON/)
  refuses(schema, ['--sise', '1'], /unknown option/)
})

test('a field gives way to an option of the same name, and one that no option can be named for is left to --payload', () => {
  const schema = z.object({
    url: z.string(),
    wait: z.int(),
    payload: z.string(),
    no_gift: z.boolean(),
    größe: z.string(),
    'a b': z.string(),
    a_b: z.string(),
    'a-b': z.string(),
    idempotencyKey: z.string(),
  })
  const argv = '--payload.url u --payload.wait 5 --payload.payload p --payload.no-gift --a-b v'.split(' ')
  assert.deepEqual(payload(schema, ...argv), { url: 'u', wait: 5, payload: 'p', no_gift: true, a_b: 'v' })
  assert.deepEqual(payload(schema, '--payload.idempotencyKey', 'k'), { idempotencyKey: 'k' })
})

test('a field may have the name of what every object has', () => {
  const schema = z.object({ constructor: z.array(z.string()), toString: z.string() })
  assert.equal(JSON.stringify(payload(schema, '--constructor', 'c', '--constructor', 'd')), '{"constructor":["c","d"]}')
  assert.equal(JSON.stringify(payload(schema, '--toString', 't')), '{"toString":"t"}')
  const made = {}
  setAt(made, ['constructor', 'x'], 1)
  setAt(made, ['__proto__', 'x'], 2)
  assert.deepEqual(Object.keys(made), ['constructor', '__proto__'])
  assert.equal(JSON.stringify(made), '{"constructor":{"x":1},"__proto__":{"x":2}}')
  assert.equal(({} as { x?: number }).x, undefined)
})

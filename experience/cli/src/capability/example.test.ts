import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as z from 'zod'

import { type Capability, artifact } from '@biplane/protocol'

import { exampleOf, wordsOfType } from './example.ts'

const capability = (payload: z.ZodType, more: Partial<Capability> = {}): Capability => ({
  kind: 'intent',
  type: 'data_mash.create',
  realm: 'data_mash',
  realm_version: '1',
  title: 'Create',
  payload_schema: z.toJSONSchema(payload, { io: 'input' }) as Capability['payload_schema'],
  result_schema: {},
  undoable: false,
  ...more,
})

test('a type is a command by one rule', () => {
  assert.deepEqual(wordsOfType('data_mash.create'), ['data-mash', 'create'])
  assert.deepEqual(wordsOfType('a.b_c.d'), ['a', 'b-c', 'd'])
})

test('an example is told in options, as a shell takes them', () => {
  const payload = z.object({
    content_ids: z.array(z.string()),
    name: z.string(),
    gift: z.boolean(),
    loud: z.boolean(),
    where: z.object({ x: z.int() }),
    json: z.string(),
  })
  const example = {
    content_ids: ['cnt_a', 'cnt_b'],
    name: "Ada's",
    gift: true,
    loud: false,
    where: { x: 1 },
    json: '$HOME',
  }
  assert.equal(
    exampleOf(capability(payload, { example })),
    String.raw`data-mash create --content-ids cnt_a --content-ids cnt_b --name 'Ada'\''s' --gift --no-loud --where '{"x":1}' --payload.json '$HOME'`,
  )
})

test('without one, what must be there is made up', () => {
  const payload = z.object({
    file: artifact(),
    cover: artifact().optional(),
    size: z.int().min(3),
    kind: z.enum(['a', 'b']),
    ids: z.array(z.string()).min(2),
    note: z.string().optional(),
  })
  assert.equal(exampleOf(capability(payload)), 'data-mash create FILE --size 3 --kind a --ids text --ids text')
})

test('a schema that needs itself ends too', () => {
  interface Chain {
    next: Chain | null
  }
  const chain: z.ZodType<Chain> = z.lazy(() => z.object({ next: chain.nullable() }))
  assert.match(exampleOf(capability(chain)), /^data-mash create --next /)
})

test('what options cannot say is told as JSON', () => {
  const payload = z.object({ tags: z.array(z.string()), 'a b': z.string() })
  for (const example of [
    { tags: [], 'a b': 'x' },
    { tags: ['y'], 'a b': 'x' },
  ]) {
    const json = JSON.stringify(example)
    assert.equal(exampleOf(capability(payload, { example })), `submit data_mash.create '${json}'`)
  }
})

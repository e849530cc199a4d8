import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Capability } from '@biplane/protocol'

import { readArguments } from './capability-arguments.ts'
import { inputSchemaOf, outputSchemaOf } from './capability-schema.ts'
import { LIMITS } from './limits.ts'

const capability = (about: Partial<Capability>): Capability => ({
  kind: 'intent',
  type: 'trial.do',
  realm: 'trial',
  realm_version: '1',
  title: 'Does',
  payload_schema: { type: 'object', properties: {} },
  result_schema: { type: 'object', properties: {} },
  undoable: false,
  ...about,
})

test('definitions of a payload stay where its references look for them', () => {
  const payload_schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { place: { type: 'string' } },
    properties: { from: { $ref: '#/$defs/place' } },
    required: ['from'],
    additionalProperties: false,
  }
  const schema = inputSchemaOf(capability({ payload_schema }), LIMITS)
  const { properties, ...others } = payload_schema
  assert.deepEqual({ ...schema, properties: null }, { ...others, properties: null })
  assert.deepEqual((schema['properties'] as typeof properties).from, properties.from)
})

test('what stands inside another schema refers to itself where it stands', () => {
  const tree = {
    $id: 'urn:tree',
    anyOf: [{ type: 'null' }, { $ref: '#/$defs/leaf' }, { type: 'array', items: { $ref: '#' } }],
    $defs: { leaf: { type: 'string' } },
  }
  const input = inputSchemaOf(capability({ payload_schema: tree }), LIMITS)
  assert.deepEqual(Object.keys(input['properties'] as object), ['session_id', 'intent_id', 'wait_s', 'payload'])
  const moved = (at: string) => ({
    anyOf: [{ type: 'null' }, { $ref: `${at}/$defs/leaf` }, { type: 'array', items: { $ref: at } }],
    $defs: { leaf: { type: 'string' } },
  })
  assert.deepEqual((input['properties'] as { payload: object }).payload, moved('#/properties/payload'))
  for (const kind of ['intent', 'query'] as const) {
    const output = outputSchemaOf(capability({ kind, result_schema: tree }))
    assert.deepEqual((output['properties'] as { result: object }).result, moved('#/properties/result'))
  }
})

test('a field of the payload goes before ours of its name', () => {
  const own = { type: 'string', description: 'Of the payload.' }
  const takes = capability({ payload_schema: { type: 'object', properties: { wait_s: own } } })
  assert.deepEqual((inputSchemaOf(takes, LIMITS)['properties'] as { wait_s: object }).wait_s, own)
  const read = readArguments(takes, { wait_s: 'long' }, LIMITS)
  assert.deepEqual([read.payload, read.waitMs], [{ wait_s: 'long' }, LIMITS.waitS * 1000])
  assert.deepEqual(readArguments(takes, {}, LIMITS).payload, {})
})

test('a wait of part of a second is whole milliseconds: a timer takes no others', () => {
  const { waitMs } = readArguments(
    capability({ payload_schema: { type: 'object' } }),
    { wait_s: 4.656746689463034 },
    LIMITS,
  )
  assert.equal(waitMs, 4_657)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ARTIFACT_KEYWORD, type Capability } from '@biplane/protocol'

import { linesOfCapability } from './dev-capability.ts'

const GATEWAY = 'http://127.0.0.1:8100'

const capability = (more: Partial<Capability>): Capability => ({
  kind: 'intent',
  type: 'data_mash.create',
  realm: 'data_mash',
  realm_version: '1',
  title: 'Create',
  payload_schema: { type: 'object', properties: {} },
  result_schema: {},
  undoable: false,
  ...more,
})

test('a capability is called by its address, and by its type', () => {
  assert.deepEqual(linesOfCapability(capability({ example: { name: "Ada's" } }), GATEWAY, 'demo'), [
    String.raw`curl --json '{"name":"Ada'\''s"}' 'http://127.0.0.1:8100/v1/data-mash/create?tenant_id=demo'`,
    String.raw`npx biplane submit data_mash.create '{"name":"Ada'\''s"}'`,
  ])
})

test('without an example, what the schema requires is made up', () => {
  const payload_schema = {
    type: 'object',
    required: ['name', 'size', 'tags', 'kind', 'where'],
    properties: {
      name: { type: 'string' },
      size: { type: 'integer', minimum: 3 },
      tags: { type: 'array', items: { type: 'string' } },
      kind: { enum: ['a', 'b'] },
      where: { anyOf: [{ type: 'object', required: ['x'], properties: { x: { const: 0 } } }, { type: 'null' }] },
      note: { type: 'string' },
    },
  }
  const [, command] = linesOfCapability(capability({ kind: 'query', type: 'a.b', payload_schema }), GATEWAY, 'demo')
  assert.equal(command, `npx biplane query a.b '{"name":"text","size":3,"tags":[],"kind":"a","where":{"x":0}}'`)
})

test('a file is a part of a form and an option of the command; another gateway and tenant are named', () => {
  const file = { type: 'object', [ARTIFACT_KEYWORD]: true }
  const payload_schema = {
    type: 'object',
    required: ['file', 'title'],
    properties: { file, title: { type: 'string' } },
  }
  assert.deepEqual(linesOfCapability(capability({ type: 'a.b', payload_schema }), 'http://127.0.0.1:9', 'acme'), [
    `curl -F 'title=text' -F file=@FILE 'http://127.0.0.1:9/v1/a/b?tenant_id=acme'`,
    'npx biplane a b FILE --title text --url http://127.0.0.1:9/v1 --tenant acme',
  ])
})

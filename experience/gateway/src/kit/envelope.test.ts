import assert from 'node:assert/strict'
import { test } from 'node:test'

import { mintIntentId } from '@biplane/client'

import { partFields, requestKey } from './envelope.ts'

test("the envelope's fields are told from the payload's, wherever they stood", () => {
  assert.deepEqual(partFields({ tenant_id: 'acme', a: 1 }, { session_id: 'ses_x', b: null }), {
    envelope: { tenant_id: 'acme', session_id: 'ses_x' },
    payload: { a: 1, b: null },
  })
})

test('a field that stands twice must say the same twice, whatever the order of its keys', () => {
  assert.deepEqual(partFields({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }).payload, { a: { y: 2, x: 1 } })
  assert.throws(() => partFields({ tenant_id: 'acme' }, { tenant_id: 'other' }), { code: 'duplicate_fields_differ' })
  assert.throws(() => partFields({ a: '1' }, { a: 1 }), { code: 'duplicate_fields_differ' })
})

test('an envelope field that is not text is refused by its name', () => {
  assert.throws(() => partFields({ tenant_id: 7 }), { code: 'body_invalid', message: /tenant_id/ })
})

test('a name that every object has is an ordinary field', () => {
  assert.deepEqual(Object.keys(partFields({ constructor: 'x' }, { toString: 'y' }).payload), [
    'constructor',
    'toString',
  ])
})

test('the key of a request is its header or its intent_id, and not two different ones', () => {
  const intentId = mintIntentId()
  assert.equal(requestKey(undefined, undefined), undefined)
  assert.equal(requestKey('order-7', undefined), 'order-7')
  assert.equal(requestKey(undefined, intentId), intentId)
  assert.equal(requestKey(intentId, intentId), intentId)
  assert.throws(() => requestKey('order-7', intentId), { code: 'idempotency_keys_differ' })
  assert.throws(() => requestKey('two words', undefined), { code: 'idempotency_key_invalid' })
  assert.throws(() => requestKey(undefined, 'seven'), { code: 'body_invalid' })
})

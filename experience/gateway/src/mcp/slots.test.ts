import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LIMITS } from './limits.ts'
import { createSlots } from './slots.ts'

const held = () => Promise.withResolvers<void>()

test('a tenant that has all of its calls waiting leaves room for the others', async () => {
  const slots = createSlots({ ...LIMITS, callsMax: 3, tenantCallsMax: 2 })
  const works = [held(), held(), held()]
  const calls = works.map((work, index) => slots.hold(index < 2 ? 'acme' : 'rival', () => work.promise))
  const answer = async () => 'answered'
  await assert.rejects(slots.hold('acme', answer), { code: 'overloaded', message: /2 calls of a tenant/ })
  await assert.rejects(slots.hold('third', answer), { code: 'overloaded', message: /3 calls are/ })
  works[0]?.resolve()
  await calls[0]
  assert.equal(await slots.hold('acme', answer), 'answered')
  works[1]?.reject(new Error('it failed'))
  await assert.rejects(calls[1] as Promise<void>, /it failed/)
  const idle = slots.idle()
  works[2]?.resolve()
  await idle
  await slots.idle()
})

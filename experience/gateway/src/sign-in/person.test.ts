import assert from 'node:assert/strict'
import { test } from 'node:test'

import { personFrom } from './person.ts'

const said = {
  sub: '248289',
  tenant_id: 'acme',
  role: 'viewer',
  name: 'Ada',
  email: 'ada@example.com',
  groups: ['ops'],
}

test('a person is told from the claims of usual names, from others by configuration, or by a function', () => {
  assert.deepEqual(personFrom(said), { tenant_id: 'acme', sub: '248289', role: 'viewer', name: 'Ada' })
  const named = { tenant: 'org', role: 'position' }
  assert.deepEqual(personFrom({ ...said, org: 'rival', position: 'operator' }, named).role, 'operator')
  const read = personFrom(said, ({ email, groups }) => ({
    subject: String(email),
    tenant: String(email).split('@')[1] ?? '',
    role: (groups as string[]).includes('ops') ? 'operator' : 'viewer',
  }))
  assert.deepEqual(read, { tenant_id: 'example.com', sub: 'ada@example.com', role: 'operator', name: 'Ada' })
})

test('whoever has no role is a user; whoever has no tenant, or a role that nobody knows, is not let in', () => {
  assert.equal(personFrom({ ...said, role: undefined }).role, 'user')
  for (const wrong of [
    { tenant_id: undefined },
    { tenant_id: '../x' },
    { role: 'emperor' },
    { role: ['admin'] },
    { sub: '' },
  ]) {
    assert.throws(() => personFrom({ ...said, ...wrong }), { code: 'forbidden' }, JSON.stringify(wrong))
  }
})

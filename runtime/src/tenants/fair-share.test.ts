import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FairShare, roomFor } from './fair-share.ts'

/** Takes as much as there is for it. */
function fill(share: FairShare, tenant: string): number {
  let taken = 0
  while (share.hasRoom(tenant)) {
    share.enter(tenant)
    taken++
  }
  return taken
}

test('one tenant alone gets as much as it was made for', () => {
  for (const alone of [10, 100, 20_000]) assert.equal(fill(new FairShare(roomFor(alone)), 'acme'), alone)
})

test('however many tenants take all they can, the next one finds room', () => {
  const share = new FairShare(1_000)
  for (let i = 0; i < 20; i++) assert.ok(fill(share, `tenant-${i}`) > 0, `tenant ${i} found none`)
  assert.ok(share.hasRoom('next'))
  assert.ok(share.taken <= 1_000)
})

test('what one tenant lets go of is there for another, and it stays behind until it has less', () => {
  const share = new FairShare(roomFor(100))
  fill(share, 'acme')
  share.leave('acme')
  assert.ok(share.hasRoom('acme'))
  fill(share, 'other')
  assert.ok(!share.hasRoom('acme'))
  for (let i = 0; i < 80; i++) share.leave('acme')
  assert.ok(share.hasRoom('acme'))
})

test('what comes in any case counts, and keeps its tenant out', () => {
  const share = new FairShare(12)
  for (let i = 0; i < 30; i++) share.enter('acme')
  assert.ok(!share.hasRoom('acme'))
  assert.ok(!share.hasRoom('other'), 'nothing is left at all')
  for (let i = 0; i < 30; i++) share.leave('acme')
  assert.equal(share.taken, 0)
  assert.equal(fill(share, 'acme'), 8)
})

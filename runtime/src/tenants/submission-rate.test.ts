import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SubmissionRate } from './submission-rate.ts'

const takeMany = (rate: SubmissionRate, tenant: string, now_ms: number, count: number): number =>
  Array.from({ length: count }, () => rate.take(tenant, now_ms)).filter(Boolean).length

test('a second’s worth is taken at once, and then as many as time brings', () => {
  const rate = new SubmissionRate(10)
  assert.equal(takeMany(rate, 'acme', 0, 20), 10)
  assert.equal(takeMany(rate, 'acme', 500, 20), 5)
  assert.equal(takeMany(rate, 'acme', 600, 20), 1)
  assert.equal(takeMany(rate, 'acme', 60_000, 20), 10, 'no more is saved up')
})

test('tenants do not pay for each other', () => {
  const rate = new SubmissionRate(2)
  assert.equal(takeMany(rate, 'acme', 0, 5), 2)
  assert.equal(takeMany(rate, 'other', 0, 5), 2)
})

test('a clock that is set back gives nothing and takes nothing', () => {
  const rate = new SubmissionRate(4)
  assert.equal(takeMany(rate, 'acme', 10_000, 3), 3)
  assert.equal(takeMany(rate, 'acme', 0, 3), 1)
  assert.equal(takeMany(rate, 'acme', 250, 3), 1)
})

test('many tenants that come once are forgotten, and those that are behind are not', () => {
  const rate = new SubmissionRate(1)
  assert.ok(rate.take('busy', 5_000))
  for (let i = 0; i < 20_000; i++) rate.take(`tenant-${i}`, i < 10_000 ? 0 : 5_100)
  assert.equal(rate.take('busy', 5_200), false)
})

// The short form of `npm run soak`.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { soak } from './soak.ts'

test('through broken connections and killed planes every subscriber is given the whole log, in order and once', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-soak-'))
  t.after(() => rm(folder, { recursive: true }))
  const report = await soak(folder, {
    subscribers: 150,
    sessions: 10,
    seconds: 6,
    perSecond: 10,
    kills: 1,
    breaksAfterMs: 2_000,
    comeBackMsMax: 500,
    chance: Math.random,
    say: () => {},
  })
  t.diagnostic(JSON.stringify(report))
  const { missed, repeated, other, late, wrongs } = report
  assert.deepEqual({ missed, repeated, other, late, wrongs }, { missed: 0, repeated: 0, other: 0, late: 0, wrongs: [] })
  assert.ok(report.kills.runtime === 1 && report.kills.gateway === 1)
  assert.ok(report.events > report.logged)
})

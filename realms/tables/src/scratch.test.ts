import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { openScratch, sweepScratch } from './scratch.ts'

test('folders of dead processes are swept, and those of living ones stay', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'biplane-root-'))
  const before = process.env['BIPLANE_SCRATCH']
  process.env['BIPLANE_SCRATCH'] = root
  t.after(async () => {
    if (before === undefined) delete process.env['BIPLANE_SCRATCH']
    else process.env['BIPLANE_SCRATCH'] = before
    await rm(root, { recursive: true })
  })
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  const dead = join(root, `biplane-tables-${pid}-abc`)
  const foreign = join(root, 'something-else')
  await mkdir(dead)
  await mkdir(foreign)
  {
    await using mine = await openScratch()
    assert.equal(await sweepScratch(), 1)
    assert.deepEqual([dead, foreign, mine.path].map(existsSync), [false, true, true])
  }
  assert.equal(await sweepScratch(), 0)
})

// The gallery in virtual time, with a crash in the middle of each program. All of it together takes seconds.

import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { after, test } from 'node:test'

import { virtualRuntime } from '@biplane/realm-testing'

import { hoardOf } from './programs/hoard.ts'
import { stories } from './stories.ts'
import { VirtualStage } from './virtual-stage.ts'

const ALL_MS_MAX = 10_000
const DEATHS = 3
const STEPS = 10_000

const began_ms = performance.now()

for (const { name, tell } of stories(STEPS)) {
  test(name, (t) => tell(VirtualStage.open, (figure) => t.diagnostic(figure)))
}

test('a step that takes the process with it three times is parked, others end, and it goes on when its code is mended', async () => {
  let deaths = 0
  const die = async () => {
    deaths++
    void runtime.crash()
    return new Promise<never>(() => {})
  }
  await using runtime = await virtualRuntime([hoardOf('1', die)])
  const other = await runtime.submit('hoard.nothing', null)
  const hoard = await runtime.submit('hoard.all', null)
  await hoard.until('parked')
  assert.equal((await hoard.view()).error?.code, 'execution.poisoned')
  assert.equal(deaths, DEATHS)
  await other.signal('go')
  assert.equal(await other.result(), 'done')
  await runtime.deploy([hoardOf('2', () => 'enough')])
  await hoard.resume({ reason: 'It takes what it needs.' })
  assert.equal(await hoard.result(), 'enough')
})

after(() => {
  const took_ms = performance.now() - began_ms
  assert.ok(took_ms < ALL_MS_MAX, `The gallery took ${took_ms.toFixed(0)} ms.`)
})

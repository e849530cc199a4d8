import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'

import { count } from '../programs/count.ts'
import type { Story } from '../stage.ts'
import { World } from '../world.ts'
import { heldMb } from './figures.ts'

const UPDATES = 1_000_000
const PROGRESS_EVERY_MS = 500
const HELD_MB_MAX = 64

const million: Story = {
  name: 'a million progress updates become a few entries, of which the last says a million',
  async tell(open, state) {
    await using stage = await open(new World(), [count()])
    const [begun_ms, held_mb] = [performance.now(), heldMb()]
    const execution = await stage.begin('count.up', { to: UPDATES })
    const progress = async () => (await stage.events()).filter(({ type }) => type === 'execution.progress')
    const last = async () => (await progress()).at(-1)?.data as { done?: number } | undefined
    await stage.when(async () => (await last())?.done === UPDATES, 'the last one')
    const took_ms = performance.now() - begun_ms
    const grown_mb = heldMb() - held_mb
    const entries = (await progress()).length
    assert.ok(entries <= 2 + took_ms / PROGRESS_EVERY_MS, `${entries} entries in ${took_ms} ms`)
    assert.ok(grown_mb < HELD_MB_MAX, `it holds ${grown_mb} MB more`)
    await stage.restart()
    assert.equal((await last())?.done, UPDATES)
    await stage.signal(execution, 'seen')
    assert.equal((await stage.end(execution)).result, UPDATES)
    state(`${entries} entries in ${took_ms.toFixed(0)} ms; ${grown_mb.toFixed(0)} MB more than before`)
  },
}

export const counts: Story[] = [million]

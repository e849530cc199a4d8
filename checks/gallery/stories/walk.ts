import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'

import { walk } from '../programs/walk.ts'
import type { Story } from '../stage.ts'
import { World } from '../world.ts'
import { heldMb } from './figures.ts'

const REPLAY_MS_MAX = 10_000
const HELD_MB_MAX = 128

const long = (steps: number): Story => ({
  name: 'an execution of thousands of steps goes on from the middle after a restart, and no step runs twice',
  async tell(open, state) {
    const world = new World()
    world.close('halfway')
    await using stage = await open(world, [walk(world)])
    const [begun_ms, held_mb] = [performance.now(), heldMb()]
    const execution = await stage.begin('walk.steps', { steps })
    await stage.when(() => world.inside === 1, 'the middle')
    assert.equal(world.done.length, steps / 2 - 1)
    await stage.restart()
    world.open('halfway')
    await stage.until(execution, 'waiting')
    const [took_ms, grown_mb] = [performance.now() - begun_ms, heldMb() - held_mb]
    assert.equal(world.done.length, steps)
    await stage.restart()
    const replayed_ms = performance.now()
    await stage.signal(execution, 'arrived')
    assert.equal((await stage.end(execution)).result, (steps * (steps + 1)) / 2)
    const replay_ms = performance.now() - replayed_ms
    assert.equal(world.done.length, steps)
    assert.ok(replay_ms < REPLAY_MS_MAX, `it was replayed in ${replay_ms} ms`)
    assert.ok(grown_mb < HELD_MB_MAX, `it holds ${grown_mb} MB more`)
    const took = `${steps} steps in ${took_ms.toFixed(0)} ms, ${grown_mb.toFixed(0)} MB more than before`
    state(`${took}; replayed and ended in ${replay_ms.toFixed(0)} ms`)
  },
})

const forEver: Story = {
  name: 'an execution that goes on and on fails with execution.too_long, and what it did is taken back',
  async tell(open, state) {
    const world = new World()
    world.close('resting')
    await using stage = await open(world, [walk(world)])
    const begun_ms = performance.now()
    const execution = await stage.begin('walk.for_ever', null)
    await stage.when(() => world.inside === 1, 'a rest')
    await stage.restart()
    world.open('resting')
    const { status, compensated, error } = await stage.end(execution)
    assert.deepEqual([status, compensated, error?.code], ['failed', true, 'execution.too_long'])
    assert.deepEqual(world.done, ['is home again'])
    state(`100,000 entries in ${(performance.now() - begun_ms).toFixed(0)} ms`)
  },
}

export const walks = (steps: number): Story[] => [long(steps), forEver]

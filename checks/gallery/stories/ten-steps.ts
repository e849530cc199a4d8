import assert from 'node:assert/strict'

import { STEPS, tenSteps } from '../programs/ten-steps.ts'
import type { Story } from '../stage.ts'
import { World } from '../world.ts'

const eachStep = Array.from({ length: STEPS }, (_, index) => index + 1)

/** What is undone, in order, when a saga fails at a step: that step may have happened, those before it have. */
const undoes = (saga: string, failed: number): string[] => [
  `${saga} undoes ${failed} unknown`,
  ...Array.from({ length: failed - 1 }, (_, index) => `${saga} undoes ${failed - 1 - index} done`),
]

const undoneBy = (saga: string, { done }: World): string[] => done.filter((each) => each.startsWith(`${saga} undoes`))

const failsAtEach: Story = {
  name: 'a saga of ten steps that fails at any of them takes back that one and all before it, last first, and none twice',
  async tell(open) {
    const world = new World()
    world.close('brink')
    await using stage = await open(world, [tenSteps(world)])
    const begin = (fails_at: number) => stage.begin('ten.steps', { saga: `saga ${fails_at}`, fails_at })
    const sagas = await Promise.all(eachStep.map(begin))
    await stage.when(() => world.inside === STEPS, 'all at the brink')
    await stage.restart()
    await stage.when(() => world.inside === STEPS, 'all at the brink again')
    assert.deepEqual(world.done, [])
    world.open('brink')
    for (const [index, id] of sagas.entries()) {
      const { status, compensated, error } = await stage.end(id)
      assert.deepEqual([status, compensated, error?.code], ['failed', true, 'ten.failed'])
      const saga = `saga ${index + 1}`
      assert.deepEqual(undoneBy(saga, world), undoes(saga, index + 1))
    }
  },
}

const failsInEachUndo: Story = {
  name: 'a saga whose undo fails at any of ten steps is parked there, and takes back the rest when a person resumes it',
  async tell(open) {
    const world = new World()
    for (const step of eachStep) world.broken.add(`saga ${step} ${step}`)
    await using stage = await open(world, [tenSteps(world)])
    const begin = (step: number) => stage.begin('ten.steps', { saga: `saga ${step}`, fails_at: STEPS })
    const sagas = await Promise.all(eachStep.map(begin))
    for (const id of sagas) assert.equal((await stage.until(id, 'parked')).error?.code, 'saga.undo_failed')
    const soFar = world.done.length
    await stage.restart()
    for (const id of sagas) assert.equal((await stage.look(id)).status, 'parked')
    assert.equal(world.done.length, soFar)
    world.broken.clear()
    for (const id of sagas) await stage.resume(id, 'It is unlocked.')
    for (const [index, id] of sagas.entries()) {
      const { status, compensated } = await stage.end(id)
      assert.deepEqual([status, compensated], ['failed', true])
      const saga = `saga ${index + 1}`
      assert.deepEqual(undoneBy(saga, world), undoes(saga, STEPS))
    }
  },
}

export const sagas: Story[] = [failsAtEach, failsInEachUndo]

import assert from 'node:assert/strict'

import { firstPlan, secondPlan } from '../programs/plan.ts'
import type { Stage, Story } from '../stage.ts'
import { World } from '../world.ts'

const IN_FLIGHT = 100

async function go(stage: Stage, plans: readonly string[]): Promise<void> {
  await Promise.all(plans.map((id) => stage.signal(id, 'go', id)))
}

async function assertDone(stage: Stage, plans: readonly string[], version: number): Promise<void> {
  for (const id of plans) assert.deepEqual((await stage.end(id)).result, [`by version ${version}`, id])
}

async function beginMany(stage: Stage, count: number): Promise<string[]> {
  const plans = await Promise.all(Array.from({ length: count }, () => stage.begin('plan.do', null)))
  for (const id of plans) await stage.until(id, 'waiting')
  return plans
}

const deployed: Story = {
  name: 'of a hundred plans in flight those of version 1 end as version 1, pause when it is gone, and go on when it is back',
  async tell(open) {
    await using stage = await open(new World(), [firstPlan])
    const old = await beginMany(stage, IN_FLIGHT)
    await stage.restart([secondPlan, firstPlan])
    const young = await beginMany(stage, 1)
    const [ending, staying] = [old.slice(0, IN_FLIGHT / 2), old.slice(IN_FLIGHT / 2)]
    await go(stage, [...ending, ...young])
    await assertDone(stage, ending, 1)
    await assertDone(stage, young, 2)
    await stage.restart([secondPlan])
    await go(stage, staying)
    for (const id of staying) {
      const { error } = await stage.until(id, 'paused')
      assert.equal(error?.code, 'handler.diverged')
      assert.match(error?.message ?? '', /"think".*"think twice"/)
    }
    await stage.restart([secondPlan, firstPlan])
    await assertDone(stage, staying, 1)
  },
}

export const plans: Story[] = [deployed]

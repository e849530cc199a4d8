import assert from 'node:assert/strict'

import { refund } from '../programs/refund.ts'
import type { OpenStage, Stage, Story } from '../stage.ts'
import { World } from '../world.ts'

const DAY_MS = 86_400_000
const SOON_MS = 300
const approved = { approved: true, reason: 'goodwill' }
const refused = { approved: false, reason: 'too late' }

interface Asked {
  world: World
  stage: Stage
  execution: string
}

/** A refund that is asked for, and that stands at the gates that are closed. */
async function ask(open: OpenStage, closed: string[], tell: (asked: Asked) => Promise<void>, within_ms = DAY_MS) {
  const world = new World()
  for (const gate of closed) world.close(gate)
  await using stage = await open(world, [refund(world)])
  const execution = await stage.begin('refund.pay', { within_ms })
  await tell({ world, stage, execution })
}

async function assertPaid({ world, stage, execution }: Asked): Promise<void> {
  const { status, result } = await stage.end(execution)
  assert.deepEqual([status, result], ['completed', { reason: 'goodwill' }])
  assert.deepEqual(world.done, ['reserved', 'paid'])
}

const before: Story = {
  name: 'an approval that comes before it is asked for is kept, and the refund is paid',
  tell: (open) =>
    ask(open, ['preparing'], async (asked) => {
      const { world, stage, execution } = asked
      await stage.when(() => world.inside === 1, 'the preparation')
      assert.equal(await stage.decide(execution, 'refund', approved), null)
      await stage.restart()
      world.open('preparing')
      await assertPaid(asked)
    }),
}

const during: Story = {
  name: 'an approval that comes while it is waited for has the refund paid',
  tell: (open) =>
    ask(open, [], async (asked) => {
      const { stage, execution } = asked
      await stage.until(execution, 'waiting')
      await stage.restart()
      assert.equal((await stage.until(execution, 'waiting')).status, 'waiting')
      assert.equal(await stage.decide(execution, 'refund', approved), null)
      await assertPaid(asked)
    }),
}

const after: Story = {
  name: 'an approval that comes after the end is told that it is too late',
  tell: (open) =>
    ask(
      open,
      [],
      async ({ stage, execution }) => {
        assert.equal((await stage.end(execution)).error?.code, 'wait.expired')
        await stage.restart()
        assert.equal(await stage.decide(execution, 'refund', approved), 'execution_final')
      },
      SOON_MS,
    ),
}

const twice: Story = {
  name: 'of two decisions the first counts, whatever the second says, and the refund is paid once',
  tell: (open) =>
    ask(open, ['paying'], async (asked) => {
      const { world, stage, execution } = asked
      await stage.until(execution, 'waiting')
      await stage.decide(execution, 'refund', approved)
      await stage.when(() => world.inside === 1, 'the payment')
      for (const decision of [refused, approved]) {
        assert.equal(await stage.decide(execution, 'refund', decision), 'approval_decided')
      }
      await stage.restart()
      assert.equal(await stage.decide(execution, 'refund', refused), 'approval_decided')
      world.open('paying')
      await assertPaid(asked)
    }),
}

const never: Story = {
  name: 'an approval that never comes ends the refund when its time is up, and what was reserved is released',
  tell: (open) =>
    ask(
      open,
      [],
      async ({ world, stage, execution }) => {
        await stage.until(execution, 'waiting')
        await stage.restart()
        const { status, compensated, error } = await stage.end(execution)
        assert.deepEqual([status, compensated, error?.code], ['failed', true, 'wait.expired'])
        assert.deepEqual(world.done, ['reserved', 'released'])
      },
      SOON_MS,
    ),
}

export const refunds: Story[] = [before, during, after, twice, never]

import assert from 'node:assert/strict'

import { AT_ONCE, warehouse } from '../programs/children.ts'
import type { OpenStage, Story } from '../stage.ts'
import { World } from '../world.ts'

const ORDERS = 50

async function pack(open: OpenStage, intentType: string, packing: number): Promise<void> {
  const world = new World()
  world.close('packing')
  await using stage = await open(world, [warehouse(world)])
  const execution = await stage.begin(intentType, { orders: ORDERS })
  const called = async () => (await stage.events()).filter(({ type }) => type === 'child.called').length
  await stage.when(async () => world.inside === AT_ONCE && (await called()) === packing, 'four that pack')
  await stage.restart()
  await stage.when(() => world.inside === AT_ONCE, 'four that pack again')
  world.open('packing')
  const { result } = await stage.end(execution)
  assert.deepEqual(
    (result as number[]).toSorted((a, b) => a - b),
    Array.from({ length: ORDERS }, (_, order) => order),
  )
  assert.equal(await called(), ORDERS)
  assert.equal(world.insideMost, AT_ONCE)
}

export const children: Story[] = [
  {
    name: 'of fifty orders that are called at once four are packed at a time, and all of them in the end',
    tell: (open) => pack(open, 'warehouse.pack_all', ORDERS),
  },
  {
    name: 'of fifty orders that four workers in a handler call, four are packed at a time, and all in the end',
    tell: (open) => pack(open, 'warehouse.pack_by_hand', AT_ONCE),
  },
]

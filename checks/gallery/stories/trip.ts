import assert from 'node:assert/strict'

import type { Event } from '@biplane/protocol'

import { trip } from '../programs/trip.ts'
import type { Story } from '../stage.ts'
import { World } from '../world.ts'

const ordinalOf = (events: readonly Event[], step: string): number => {
  const data = events.map((event) => event.data as { name?: string; ordinal: number })
  return data.find(({ name }) => name === step)?.ordinal ?? -1
}

const fromTheMiddle: Story = {
  name: 'a trip that is forked after its hotel keeps its flight and hotel, books another car, and leaves the first trip as it was',
  async tell(open) {
    const world = new World()
    await using stage = await open(world, [trip(world)])
    const source = await stage.begin('trip.book', null)
    const { result } = await stage.end(source)
    const [key, ...booked] = result as string[]
    assert.deepEqual(booked, ['flight 1', 'hotel 1', 'car 1'])
    world.close('car')
    const through = ordinalOf(await stage.events(), 'hotel')
    const fork = await stage.fork(source, through)
    await stage.when(() => world.inside === 1, 'the other car')
    await stage.restart()
    await stage.when(() => world.inside === 1, 'the other car again')
    world.open('car')
    assert.deepEqual((await stage.end(fork)).result, [key, 'flight 1', 'hotel 1', 'car 2'])
    assert.deepEqual(world.done, ['flight', 'hotel', 'car', 'car'])
    assert.deepEqual((await stage.look(source)).result, result)
    const told = (await stage.events()).filter(({ type }) => type === 'trip.booked').map(({ data }) => data)
    assert.deepEqual(
      told.slice(3),
      // The event after the hotel's answer was not in the shared part of the log.
      [{ booked: 'hotel 1' }, { booked: 'car 2' }],
    )
  },
}

export const trips: Story[] = [fromTheMiddle]

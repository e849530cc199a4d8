import assert from 'node:assert/strict'

import type { Event } from '@biplane/protocol'

import { race } from '../programs/race.ts'
import type { OpenStage, Stage, Story } from '../stage.ts'
import { World } from '../world.ts'

const HOUR_MS = 3_600_000
const SOON_MS = 300
const RACES = 20

/** Ends races that have been decided; a process that did not see who won them answers who did. */
async function endAll(stage: Stage, races: readonly string[]): Promise<unknown[]> {
  const decided = async () => {
    const events = await stage.events()
    return races.every((id) => isAwaited(events, id))
  }
  await stage.when(decided, 'who came first')
  await stage.restart()
  for (const id of races) await stage.signal(id, 'end')
  return Promise.all(races.map(async (id) => (await stage.end(id)).result))
}

const isAwaited = (events: readonly Event[], execution: string): boolean =>
  events.some(({ type, subject, data }) => {
    return type === 'signal.awaited' && subject === execution && (data as { name: string }).name === 'end'
  })

async function raceOf(open: OpenStage, run: (stage: Stage) => Promise<void>): Promise<void> {
  await using stage = await open(new World(), [race()])
  await run(stage)
}

const signalFirst: Story = {
  name: 'a signal that comes before the time wins the race, and still does after a restart',
  tell: (open) =>
    raceOf(open, async (stage) => {
      const execution = await stage.begin('race.run', { until_ms: stage.now() + HOUR_MS })
      await stage.signal(execution, 'now')
      assert.deepEqual(await endAll(stage, [execution]), ['signal'])
    }),
}

const timerFirst: Story = {
  name: 'a time that comes before the signal wins the race, and still does after a restart and the signal',
  tell: (open) =>
    raceOf(open, async (stage) => {
      const execution = await stage.begin('race.run', { until_ms: stage.now() + SOON_MS })
      await stage.when(async () => isAwaited(await stage.events(), execution), 'the time')
      await stage.signal(execution, 'now')
      assert.deepEqual(await endAll(stage, [execution]), ['timer'])
    }),
}

/** Who came first by the log, of each race. */
const firstOf = (events: readonly Event[], execution: string): string => {
  const first = events.find(
    ({ type, subject }) => subject === execution && ['signal.taken', 'execution.resumed'].includes(type),
  )
  return first?.type === 'signal.taken' ? 'signal' : 'timer'
}

const sameMoment: Story = {
  name: 'when the signal comes at the very moment of the time, whoever is first in the log has won, for everybody and for ever',
  async tell(open, state) {
    await raceOf(open, async (stage) => {
      const moment_ms = stage.now() + SOON_MS
      // The time of the first is the moment of the signals; they are on their way while those of the others come.
      const times_ms = Array.from({ length: RACES }, (_, index) => moment_ms + index)
      const races = await Promise.all(times_ms.map((until_ms) => stage.begin('race.run', { until_ms })))
      await stage.when(() => stage.now() >= moment_ms, 'the moment')
      await Promise.all(races.map((id) => stage.signal(id, 'now')))
      const results = await endAll(stage, races)
      const events = await stage.events()
      assert.deepEqual(
        results,
        races.map((id) => firstOf(events, id)),
      )
      state(`the signal won ${results.filter((each) => each === 'signal').length} of ${RACES} races`)
    })
  },
}

export const races: Story[] = [signalFirst, timerFirst, sameMoment]

// Surfaces deliver; they decide nothing. So it does not matter which one is used: the same things happen, and the logs that they
// leave are equal. And it matters neither to the others nor to the runtime if one of them is gone.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'
import type { Event } from '@biplane/protocol'

import { readImports } from '../imports/read-imports.ts'
import { type House, type Stand, openHouse } from './house.ts'
import { alike, intentsIn, logOf } from './log.ts'
import { type Shown, type Tables, bringIn, makeOne, play } from './scenario.ts'
import type { Surface } from './surface.ts'
import { PAPER } from './teleprinter.ts'

const PAPER_LINES_MAX = 60
const START = '-1'
const NOT_EQUAL = { code: 'ERR_ASSERTION' }

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house[Symbol.asyncDispose]())

const log = (session_id: string): Promise<Event[]> => logOf(house.runtime.url, session_id)

/** Each surface showed its log whole, every entry once and in order; the logs are equal, and so are the answers. */
async function areAlike(all: readonly Shown[]): Promise<void> {
  const logs = await Promise.all(all.map(({ session_id }) => log(session_id)))
  for (const [place, { seen, answer }] of all.entries()) {
    assert.deepEqual(seen, logs[place])
    assert.deepEqual(alike(logs[place] ?? []), alike(logs[0] ?? []))
    assert.deepEqual(answer['rows'], all[0]?.answer['rows'])
  }
}

test('one scenario at six surfaces leaves six logs that are equal but for ids and times', async () => {
  const all = await Promise.all(house.stands.map(({ surface }) => play(surface)))
  assert.equal(all.length, 6)
  await areAlike(all)
  assert.deepEqual(intentsIn(all[0]?.seen ?? []), ['content.upload', 'content.upload', 'data_mash.create'])
})

test('a surface that asks for more than its people did, or for less, is found by its log', async () => {
  const { surface } = house.stands[0] as Stand
  const eager: Surface = {
    ...surface,
    async complete(intent) {
      if (intent.session_id !== undefined) await surface.complete(intent)
      return surface.complete(intent)
    },
  }
  const forgetful: Surface = { ...surface, complete: ({ session_id: _, ...intent }) => surface.complete(intent) }
  const [right, more, less] = await Promise.all([play(surface), play(eager), play(forgetful)])
  assert.deepEqual(
    [right, more, less].map(({ seen }) => intentsIn(seen).length),
    [3, 4, 2],
  )
  for (const one of [right, more, less]) await areAlike([one])
  await assert.rejects(areAlike([right, more]), NOT_EQUAL)
  await assert.rejects(areAlike([right, less]), NOT_EQUAL)
})

test('the sixth surface is written from the protocol alone: 60 lines, and nothing of ours in it', async () => {
  const text = await readFile(PAPER, 'utf8')
  assert.ok(text.trimEnd().split('\n').length <= PAPER_LINES_MAX)
  const imports = readImports(PAPER.pathname, text)
  assert.deepEqual(
    imports.filter(({ reach, target }) => reach !== 'import' || !target.startsWith('node:')),
    [],
  )
})

test('each is killed in turn: the others complete, the runtime goes on, and it resumes where it was', async (t) => {
  const { child } = house.runtime
  const places = await Promise.all(house.stands.map(async (stand) => ({ stand, tables: await bringIn(stand.surface) })))
  for (const victim of places) await t.test(victim.stand.surface.name, () => killed(victim, places))
  assert.deepEqual([child.exitCode, child.signalCode], [null, null], 'the runtime is the process that it was')
})

interface Place {
  stand: Stand
  tables: Tables
}

async function killed(victim: Place, places: readonly Place[]): Promise<void> {
  const others = places.filter((place) => place !== victim)
  const pids = pidsOf(others)
  const death = Promise.withResolvers<void>()
  const completing = Promise.all(others.map(({ stand, tables }) => makeOne(stand.surface, tables, () => death.promise)))
  const resuming = makeOne(victim.stand.surface, victim.tables, async () => {
    await victim.stand.kill()
    death.resolve()
    await completing
    await until('the runtime to have gone on without it', () => isAsking(victim.tables))
    await victim.stand.start()
  })
  const [resumed, completed] = await Promise.all([resuming.finally(death.resolve), completing])
  await areAlike([resumed, ...completed])
  assert.equal(resumed.from.length, 2, 'it was read from the start, and once more from where it was')
  for (const { from } of completed) assert.deepEqual(from, [START], 'the others did not notice')
  assert.deepEqual(pidsOf(others), pids, 'nor was one of them touched')
}

const isAsking = async ({ session_id }: Tables): Promise<boolean> =>
  (await log(session_id)).findLast(({ kind }) => kind === 'signal')?.type === 'signal.awaited'

const pidsOf = (places: readonly Place[]): unknown[] => places.map(({ stand }) => stand.pid())

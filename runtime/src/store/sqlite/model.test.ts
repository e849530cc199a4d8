// The memory store is the model: whatever is asked of both, in any order and many at once, they answer the same.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { MemoryStore } from '../memory/memory-store.ts'
import type { Store } from '../port.ts'
import { Subject } from '../testing/subject.ts'
import { type Ask, Chance, World } from '../testing/world.ts'
import { DirectStore } from './direct-store.ts'
import { type SqliteOptions, openSqliteStore } from './open-sqlite-store.ts'
import { Scratch } from './testing/scratch.ts'

const RUNS = 20
const CHOICES = 800
const BATCHES = 16
const AT_ONCE_MAX = 8
/** So that nearly everything is read from the file, through the index. */
const LITTLE = { hotEntriesMax: 1, indexRowsMax: 4, headsMax: 2 }

/** What came of an ask, in plain data. Stores explain their refusals in their own words. */
async function outcome(ask: Ask, store: Store): Promise<unknown> {
  try {
    return JSON.parse(JSON.stringify(await ask(store)))
  } catch (error) {
    return { rejected: error instanceof Error ? error.name : error }
  }
}

async function compare(asks: readonly Ask[], store: Store, model: Store): Promise<void> {
  const [found, expected] = await Promise.all(
    [store, model].map((asked) => Promise.all(asks.map((ask) => outcome(ask, asked)))),
  )
  assert.deepEqual(found, expected)
}

interface Opened {
  store: Store
  /** The same data, opened anew; the same store if its data goes with it. */
  reopen: (store: Store) => Promise<Store>
}

type Limits = Pick<SqliteOptions, 'hotEntriesMax' | 'indexRowsMax' | 'headsMax'>

async function inFolder(folder: string, now: () => number, limits: Limits): Promise<Opened> {
  const options: SqliteOptions = { folder, clock: { now }, ...limits }
  const reopen = async (store: Store) => {
    await store.close()
    return openSqliteStore(options)
  }
  return { store: await openSqliteStore(options), reopen }
}

const direct = async (_folder: string, now: () => number, limits: Limits): Promise<Opened> => ({
  store: new DirectStore({ now }, limits),
  reopen: async (store) => store,
})

const CASES = [
  ['sqlite', inFolder, 'with its usual memory', {}],
  ['sqlite', inFolder, 'with little memory', LITTLE],
  ['direct', direct, 'with its usual memory', {}],
  ['direct', direct, 'with little memory', LITTLE],
] as const

for (const [name, open, memory, limits] of CASES) {
  test(`${name} ${memory} answers any commands as memory does, and the same again when it is opened again`, async () => {
    using scratch = new Scratch()
    await using subject = await Subject.open(async (clock) => {
      const store = new MemoryStore(clock)
      return { store, [Symbol.asyncDispose]: () => store.close() }
    })
    const { store: model, clock } = subject
    const opened = await open(scratch.folder, () => clock.now_ms, limits)
    let { store } = opened
    try {
      await store.claimShards('first')
      const choices = fc.array(fc.noBias(fc.nat()), { minLength: CHOICES, maxLength: CHOICES })
      const property = fc.asyncProperty(choices, async (numbers) => {
        const world = new World(subject)
        const chance = new Chance(numbers)
        await compare(world.begin(), store, model)
        for (let i = 0; i < BATCHES; i++) {
          const batch = Array.from({ length: 1 + chance.below(AT_ONCE_MAX) }, () => world.command(chance))
          await compare(batch, store, model)
          await compare(world.reads(1 + chance.below(8)), store, model)
        }
        if (chance.once(5)) {
          store = await opened.reopen(store)
          await compare(world.reads(3), store, model)
        }
      })
      await fc.assert(property, { numRuns: RUNS, endOnFailure: true })
    } finally {
      await store.close()
    }
  })
}

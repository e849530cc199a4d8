// The memory store is the model: whatever is asked of both, in any order and many at once, they answer the same.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { MemoryStore } from '../memory/memory-store.ts'
import type { Store } from '../port.ts'
import { Subject } from '../testing/subject.ts'
import { type Ask, Chance, World } from '../testing/world.ts'
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

async function compare(asks: readonly Ask[], sqlite: Store, memory: Store): Promise<void> {
  const [found, expected] = await Promise.all(
    [sqlite, memory].map((store) => Promise.all(asks.map((ask) => outcome(ask, store)))),
  )
  assert.deepEqual(found, expected)
}

for (const [name, limits] of Object.entries({ 'with its usual memory': {}, 'with little memory': LITTLE })) {
  test(`sqlite ${name} answers any commands as memory does, and the same again from its files`, async () => {
    using scratch = new Scratch()
    await using subject = await Subject.open(async (clock) => {
      const store = new MemoryStore(clock)
      return { store, [Symbol.asyncDispose]: () => store.close() }
    })
    const { store: memory, clock } = subject
    const options: SqliteOptions = { folder: scratch.folder, clock: { now: () => clock.now_ms }, ...limits }
    let sqlite = await openSqliteStore(options)
    try {
      await sqlite.claimShards('first')
      const choices = fc.array(fc.noBias(fc.nat()), { minLength: CHOICES, maxLength: CHOICES })
      const property = fc.asyncProperty(choices, async (numbers) => {
        const world = new World(subject)
        const chance = new Chance(numbers)
        await compare(world.begin(), sqlite, memory)
        for (let i = 0; i < BATCHES; i++) {
          const batch = Array.from({ length: 1 + chance.below(AT_ONCE_MAX) }, () => world.command(chance))
          await compare(batch, sqlite, memory)
          await compare(world.reads(1 + chance.below(8)), sqlite, memory)
        }
        if (chance.once(5)) {
          await sqlite.close()
          sqlite = await openSqliteStore(options)
          await compare(world.reads(3), sqlite, memory)
        }
      })
      await fc.assert(property, { numRuns: RUNS })
    } finally {
      await sqlite.close()
    }
  })
}

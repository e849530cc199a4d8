import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { type Verdict, simulate } from './simulate.ts'
import { STORES } from './stores.ts'

const SEEDS = 20
/** So that a seed says something. */
const COMMANDS_MIN = 500

suite('the engine under seeds', () => {
  const onMemory = new Map<number, Verdict>()

  test('keeps its guarantees on the memory store, through crashes, duplicates and delays', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const verdict = await simulate(seed, STORES.memory)
      onMemory.set(seed, verdict)
      assert.deepEqual(verdict.violations, [], `npm run sim -- --from ${seed} --seeds 1 --store memory --trace`)
    }
    const verdicts = [...onMemory.values()]
    assert.ok(verdicts.some(({ crashes }) => crashes > 5))
    const commands = verdicts.map((verdict) => verdict.commands).sort((a, b) => a - b)
    assert.ok((commands[SEEDS / 2] ?? 0) >= COMMANDS_MIN, `${commands.join()} commands`)
  })

  test('does the same, command by command, on SQLite', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const verdict = await simulate(seed, STORES.sqlite)
      assert.deepEqual(verdict, onMemory.get(seed), `npm run sim -- --from ${seed} --seeds 1 --store sqlite --trace`)
    }
  })

  test('does the same again with the same seed, and something else with another', async () => {
    const again = await simulate(7, STORES.memory)
    assert.equal(again.trace, onMemory.get(7)?.trace)
    assert.notEqual(again.trace, onMemory.get(8)?.trace)
  })
})

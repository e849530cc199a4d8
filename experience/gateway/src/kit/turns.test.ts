import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createTurns } from './turns.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('of many who come at once a few are begun in each turn, in their order, and nobody is forgotten', async () => {
  const takeTurn = createTurns()
  const begun: number[] = []
  for (let i = 0; i < 100; i++) takeTurn(() => begun.push(i))
  const atOnce = begun.length
  assert.ok(atOnce > 0 && atOnce < 50, `${atOnce} at once`)
  await nextTurn()
  assert.ok(begun.length > atOnce && begun.length <= 2 * atOnce, `${begun.length} after a turn`)
  takeTurn(() => begun.push(100))
  assert.equal(begun.includes(100), false, 'who comes later waits behind them')
  while (begun.length < 101) await nextTurn()
  assert.deepEqual(
    begun,
    Array.from({ length: 101 }, (_, i) => i),
  )
})

test('who comes alone is begun at once, also after a crowd', async () => {
  const takeTurn = createTurns()
  for (let i = 0; i < 100; i++) takeTurn(() => {})
  for (let i = 0; i < 20; i++) await nextTurn()
  let isBegun = false
  takeTurn(() => (isBegun = true))
  assert.ok(isBegun)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { placeOf } from './place-of.ts'

/** Numbers 1 to 1000 without those of the rejected records. */
const NUMBERS = Array.from({ length: 1000 }, (_, i) => i + 1).filter((number) => number % 7 !== 0 && number > 20)

test('a row is found by its number, whatever was rejected before it, without looking at many', async () => {
  for (let number = 1; number <= 1010; number++) {
    let looks = 0
    const place = await placeOf(number, NUMBERS.length, (at) => {
      looks++
      return Promise.resolve(NUMBERS[at] ?? 0)
    })
    const next = NUMBERS.findIndex((one) => one >= number)
    assert.equal(place, next === -1 ? NUMBERS.length - 1 : next, `${number}`)
    assert.ok(looks <= 10, `${number} took ${looks}`)
  }
})

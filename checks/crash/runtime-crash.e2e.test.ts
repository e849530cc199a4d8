import { test } from 'node:test'

import { crashRuntime } from './runtime-crash.ts'

/** `npm run crash` is the long form. */
const MOMENTS = 3

for (let moment = 1; moment <= MOMENTS; moment++) {
  test(`kill -9 of the runtime in the middle of sagas: they go on, and no recorded step runs again (${moment})`, () =>
    crashRuntime(1 + (moment % 2)))
}

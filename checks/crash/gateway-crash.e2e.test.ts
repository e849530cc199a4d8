import { after, before, test } from 'node:test'

import { GatewayCrashes } from './gateway-crash.ts'

/** `npm run crash` is the long form. */
const MOMENTS = 3

let crashes: GatewayCrashes
before(async () => {
  crashes = await GatewayCrashes.start()
})
after(() => crashes[Symbol.asyncDispose]())

for (let moment = 1; moment <= MOMENTS; moment++) {
  test(`kill -9 of the gateway in the middle of a mash: it completes, and its follower misses and repeats nothing (${moment})`, () =>
    crashes.once())
}

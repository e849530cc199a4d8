// `npm run crash -- --times 50`: the long form of the crash tests. Kills each plane so often, at random moments.

import { parseArgs } from 'node:util'

import { GatewayCrashes } from './gateway-crash.ts'
import { crashRuntime } from './runtime-crash.ts'

const { values } = parseArgs({ options: { times: { type: 'string', default: '50' } } })
const times = Number(values.times)

for (let time = 1; time <= times; time++) {
  await crashRuntime(1 + (time % 3))
  console.log(`runtime ${time} of ${times}: sagas went on, no recorded step ran again, seq is 1..n`)
}
await using crashes = await GatewayCrashes.start()
for (let time = 1; time <= times; time++) {
  await crashes.once()
  console.log(`gateway ${time} of ${times}: the mash completed, its follower missed and repeated nothing`)
}

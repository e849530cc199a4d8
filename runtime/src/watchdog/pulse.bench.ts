// What the watchdog costs per call of a realm's code, the composing of the name included. `node pulse.bench.ts`

import { Pulse } from './pulse.ts'

const CALLS = 3_000_000
const ROUNDS = 5

const pulse = new Pulse()
for (let round = 0; round < ROUNDS; round++) {
  const begun = process.hrtime.bigint()
  for (let i = 0; i < CALLS; i++) {
    pulse.enter(`hello.greet step charge_${i % 7}`)
    pulse.leave()
  }
  console.log(`${(Number(process.hrtime.bigint() - begun) / CALLS).toFixed(0)} ns per enter and leave`)
}

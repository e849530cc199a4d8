import { STORES } from './src/stores.ts'
import { simulate } from './src/simulate.ts'
const [seed, exe] = process.argv.slice(2)
let store: any
await simulate(Number(seed), (clock) => {
  store = STORES.memory(clock)
  store.close = async () => {}
  return store
})
const es = await store.readExecution(exe, 0, 10000)
for (const e of es)
  console.log(
    e.pos,
    e.seq,
    e.time_ms - 1790000000000,
    e.type,
    e.data.slice(0, 200),
    (e.secret ?? '').slice(0, e.type === 'intent.accepted' ? 3000 : 100),
  )

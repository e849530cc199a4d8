// `npm run fuzz -- --requests 20000 [--seed n]`: the long form of the fuzz test. The same seed sends the same requests.

import { parseArgs } from 'node:util'

import { fuzz } from './fuzz.ts'

const SEEDS = 2 ** 32
const DEFAULT_REQUESTS = '20000'

const { values } = parseArgs({
  options: { requests: { type: 'string', default: DEFAULT_REQUESTS }, seed: { type: 'string' } },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * SEEDS))
const requests = Number(values.requests)
if (!Number.isInteger(seed) || !Number.isInteger(requests)) throw new Error('--requests and --seed take whole numbers.')

console.log(`--requests ${requests} --seed ${seed}`)
const { wrong, lines } = await fuzz({ requests, seed, progress: (done) => console.log(`${done} of ${requests}`) })
for (const line of [...lines, ...wrong]) console.log(line)
console.log(wrong.length === 0 ? 'Nothing went wrong.' : `${wrong.length} went wrong; the seed was ${seed}.`)
process.exitCode = wrong.length === 0 ? 0 : 1

// `npm run soak -- --subscribers 10000 --minutes 5`: the long form.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { soak } from './soak.ts'

const STALL_MS_MAX = 100

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '5' },
    sessions: { type: 'string', default: '200' },
    'per-second': { type: 'string', default: '10' },
    kills: { type: 'string', default: '3' },
  },
})

const folder = await mkdtemp(join(tmpdir(), 'biplane-soak-'))
const began = performance.now()
const say = (text: string) => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}`)
try {
  const report = await soak(folder, {
    subscribers: Number(values.subscribers),
    sessions: Number(values.sessions),
    seconds: Number(values.minutes) * 60,
    perSecond: Number(values['per-second']),
    kills: Number(values.kills),
    breaksAfterMs: 60_000,
    comeBackMsMax: 5_000,
    chance: Math.random,
    say,
  })
  const { stalls, wrongs, bytesPerStream, ...counts } = report
  console.log(counts)
  console.log(
    `memory of the gateway for each stream: ${bytesPerStream === null ? 'unknown' : `${(bytesPerStream / 1024).toFixed(1)} KiB`}`,
  )
  for (const [plane, all] of Object.entries(stalls)) {
    const sorted = all.toSorted((a, b) => a - b)
    const over = sorted.filter((ms) => ms > STALL_MS_MAX).length
    console.log(
      `event loop of the ${plane}, worst of each second: median ${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)} ms, ` +
        `worst ${sorted.at(-1)?.toFixed(0)} ms, over ${STALL_MS_MAX} ms in ${over} of ${sorted.length}`,
    )
  }
  wrongs.forEach((wrong) => console.log(wrong))
  if (report.late + report.missed + report.repeated + report.other > 0) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true })
}

// `npm run bench -- --streams`: from the commit to the reader, from one event to many readers, and through a long log.

import { inFolder, startGateway, startProgram, startRuntime } from '../planes.ts'
import { catchUp, fill } from './catch-up.ts'
import { bareFanOut, fanOut } from './fan-out.ts'
import { measureLatency } from './latency.ts'
import { ascending, quantile } from './talk.ts'

export interface StreamsBench {
  seconds: number
  rounds: number
  /** For each, the fan-out of one event to so many. */
  readers: readonly number[]
  /** Of the log that is caught up with. */
  events: number
}

export async function benchStreams({ seconds, rounds, readers, events }: StreamsBench): Promise<void> {
  await inFolder(async (folder) => {
    await using runtime = await startRuntime(folder)
    await using gateway = await startGateway(runtime.url)
    await using bare = await startProgram('streams/bare-server.ts')

    console.log('from the commit to the reader, 100 sessions with a reader each, through the gateway:')
    for (let round = 0; round < rounds; round++) {
      const { perSecond, p50_ms, p99_ms } = await measureLatency(runtime.url, gateway.url, seconds)
      console.log(`  ${perSecond.toFixed(0)} events/s: p50 ${p50_ms.toFixed(1)} ms, p99 ${p99_ms.toFixed(1)} ms`)
    }
    console.log('from one event to the last of many readers, beside bare ws:')
    for (const many of readers) {
      const ratios: number[] = []
      for (let round = 0; round < rounds; round++) {
        const { ms, text } = await fanOut(runtime.url, gateway.url, many)
        const bareMs = await bareFanOut(bare.url, many, text)
        ratios.push(ms / bareMs)
        console.log(`  ${many} readers: ${ms.toFixed(1)} ms, bare ws ${bareMs.toFixed(1)} ms`)
      }
      console.log(`  ${many} readers: ${quantile(ascending(ratios), 0.5).toFixed(2)} times bare ws at the median`)
    }
    console.log(`through a log of ${events.toLocaleString('en-US')} events:`)
    const session = await fill(runtime.url, events)
    for (let round = 0; round < rounds; round++) {
      for (const [name, base] of [
        ['the runtime', `${runtime.url}/api`],
        ['the gateway', `${gateway.url}/v1`],
      ] as const) {
        const read = await catchUp(base, session)
        const rate = read.megabytes / read.seconds
        console.log(
          `  from ${name}: ${read.events} events, ${rate.toFixed(0)} MB/s, ${(read.events / read.seconds).toFixed(0)} events/s`,
        )
      }
    }
  })
}

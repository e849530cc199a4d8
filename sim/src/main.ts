// `npm run sim -- --seeds N [--from S] [--store memory|sqlite|both] [--bail] [--trace]`: runs the real engine under seeds, and says of
// each guarantee that was broken which seed broke it and how to see it again. With `--bail` the first one is the last.

import { parseArgs } from 'node:util'

import { type Verdict, simulate } from './simulate.ts'
import { STORES, type StoreName } from './stores.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    store: { type: 'string', default: 'both' },
    bail: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
})

async function main(): Promise<void> {
  const names = storesOf(values.store)
  const [from, seeds] = [numberOf('from', values.from), numberOf('seeds', values.seeds)]
  const began_ms = performance.now()
  const verdicts: Verdict[] = []
  let failed = 0
  let seed = from
  process.once('uncaughtExceptionMonitor', () => console.log(`seed ${seed} ended the simulator itself:`))
  for (; seed < from + seeds && !(values.bail && failed > 0); seed++) {
    const ofSeed: Verdict[] = []
    for (const name of names) {
      const verdict = await simulate(seed, STORES[name], values.trace ? (line) => process.stdout.write(line) : null)
      ofSeed.push(verdict)
      if (verdict.violations.length > 0) failed++
      for (const { checker, saw } of verdict.violations) console.log(`seed ${seed} on ${name}: ${checker}: ${saw}`)
      if (verdict.violations.length > 0)
        console.log(`  again: npm run sim -- --from ${seed} --seeds 1 --store ${name} --trace\n`)
    }
    if (new Set(ofSeed.map(({ trace }) => trace)).size > 1) {
      failed++
      console.log(`seed ${seed}: the stores made two different runs of it\n`)
    }
    verdicts.push(...ofSeed)
  }
  console.log(summaryOf(verdicts, { seeds: seed - from, took_ms: performance.now() - began_ms, failed }))
  process.exitCode = failed > 0 ? 1 : 0
}

function summaryOf(
  verdicts: readonly Verdict[],
  { seeds, took_ms, failed }: { seeds: number; took_ms: number; failed: number },
): string {
  const sum = (field: 'crashes' | 'requests' | 'executions') =>
    verdicts.reduce((total, verdict) => total + verdict[field], 0)
  const commands = verdicts.map((verdict) => verdict.commands).sort((a, b) => a - b)
  const median = commands[Math.floor(commands.length / 2)] ?? 0
  const perMinute = Math.round((seeds / took_ms) * 60_000)
  return (
    `${seeds} seeds in ${verdicts.length} runs, ${perMinute} seeds a minute; ${median} store commands at the median; ` +
    `${sum('executions')} executions, ${sum('requests')} requests, ${sum('crashes')} crashes; ${failed} failed`
  )
}

function storesOf(value: string): StoreName[] {
  if (value === 'both') return ['memory', 'sqlite']
  if (value === 'memory' || value === 'sqlite') return [value]
  throw new Error(`--store is memory, sqlite or both, not "${value}".`)
}

function numberOf(option: string, value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`--${option} must be a whole number, not "${value}".`)
  return number
}

await main()

// `npm run bench`: executions of three durable steps a second, over HTTP, by one generator, with 1, 64 and 256 in flight.
// The runtime is a process of its own with fsync on. docs/benchmarks.md says what the figures mean and what they leave out.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import autocannon from 'autocannon'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    'in-flight': { type: 'string', default: '1,64,256' },
  },
})
const SECONDS = Number(values.seconds)
const ROUNDS = Number(values.rounds)
const IN_FLIGHT = values['in-flight'].split(',').map(Number)
const WARM_UP_SECONDS = 2
const SESSIONS = 64
const ROOT = join(import.meta.dirname, '../..')

interface Figure {
  inFlight: number
  perSecond: number
  p50_ms: number
  p99_ms: number
  errors: number
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-bench-'))
  const { child, url } = await startRuntime(folder)
  try {
    const bodies = await makeBodies(url)
    await measure(url, bodies, 64, WARM_UP_SECONDS)
    const figures: Figure[] = []
    let executions = 0
    for (let round = 0; round < ROUNDS; round++) {
      for (const inFlight of IN_FLIGHT) {
        const figure = await measure(url, bodies, inFlight, SECONDS)
        executions += figure.perSecond * SECONDS
        figures.push(figure)
        print(`round ${round + 1}: ${line(figure)}`)
      }
    }
    print(`\nmedian of ${ROUNDS} rounds of ${SECONDS} s, three steps an execution, fsync on:`)
    for (const inFlight of IN_FLIGHT) print(line(median(figures.filter((figure) => figure.inFlight === inFlight))))
    const { size } = await stat(join(folder, 'biplane.db'))
    print(`${(size / 1024 / executions).toFixed(2)} KB of log per execution (warm-up included)`)
    if (figures.some(({ errors }) => errors > 0)) process.exitCode = 1
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
    await rm(folder, { recursive: true })
  }
}

async function startRuntime(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const env = {
    ...process.env,
    BIPLANE_DATA: folder,
    RUNTIME_PORT: '0',
    BIPLANE_CONFIG: join(ROOT, 'bench/runtime.config.ts'),
    BIPLANE_LOG: 'warn',
  }
  const child = spawn(process.execPath, [...profile(), join(ROOT, 'runtime/src/main.ts')], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [message] = (await once(child, 'message')) as [{ url: string }]
  return { child, url: message.url }
}

/** `BENCH_NODE_FLAGS=--cpu-prof` profiles the runtime. */
const profile = (): string[] => (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '')

async function makeBodies(url: string): Promise<string[]> {
  const bodies: string[] = []
  for (let i = 0; i < SESSIONS; i++) {
    const response = await post(`${url}/api/session/create`, { tenant_id: 'bench' })
    const { session_id } = ((await response.json()) as { session: { session_id: string } }).session
    const envelope = { intent_type: 'bench.three', realm: 'bench', session_id, tenant_id: 'bench', payload: { n: i } }
    bodies.push(JSON.stringify(envelope))
  }
  return bodies
}

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

/** Each request waits for the end of its execution, so that requests in flight are executions in flight. */
async function measure(url: string, bodies: string[], inFlight: number, seconds: number): Promise<Figure> {
  const headers = { 'content-type': 'application/json', prefer: 'wait=30' }
  const requests = bodies.map((body) => ({ method: 'POST' as const, path: '/api/intent/submit', headers, body }))
  const result = await autocannon({ url, connections: inFlight, duration: seconds, requests })
  return {
    inFlight,
    perSecond: result.requests.average,
    p50_ms: result.latency.p50,
    p99_ms: result.latency.p99,
    errors: result.errors + result.non2xx,
  }
}

function median(figures: Figure[]): Figure {
  const sorted = figures.toSorted((a, b) => a.perSecond - b.perSecond)
  return sorted[Math.floor(sorted.length / 2)] as Figure
}

function line({ inFlight, perSecond, p50_ms, p99_ms, errors }: Figure): string {
  const rate = Math.round(perSecond).toLocaleString('en-US').padStart(8)
  const failed = errors > 0 ? `, ${errors} FAILED` : ''
  return `${String(inFlight).padStart(4)} in flight ${rate} executions/s, p50 ${p50_ms} ms, p99 ${p99_ms} ms${failed}`
}

const print = (text: string) => process.stdout.write(`${text}\n`)

await main()

// Executions of three durable steps a second, over HTTP, by one generator, with 1, 64 and 256 in flight.
// The runtime is a process of its own with fsync on. docs/benchmarks.md says what the figures mean and what they leave out.

import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import autocannon from 'autocannon'

import { inFolder, startRuntime } from './planes.ts'

export interface ExecutionsBench {
  seconds: number
  rounds: number
  inFlight: readonly number[]
}

const WARM_UP_SECONDS = 2
const SESSIONS = 64

interface Figure {
  inFlight: number
  perSecond: number
  p50_ms: number
  p99_ms: number
  errors: number
}

/** Prints its figures. Answers whether every request was answered as it should. */
export async function benchExecutions({ seconds, rounds, inFlight }: ExecutionsBench): Promise<boolean> {
  return inFolder(async (folder) => {
    await using runtime = await startRuntime(folder)
    const { url } = runtime
    const bodies = await makeBodies(url)
    await measure(url, bodies, 64, WARM_UP_SECONDS)
    const figures: Figure[] = []
    let executions = 0
    for (let round = 0; round < rounds; round++) {
      for (const many of inFlight) {
        const figure = await measure(url, bodies, many, seconds)
        executions += figure.perSecond * seconds
        figures.push(figure)
        console.log(`round ${round + 1}: ${line(figure)}`)
      }
    }
    console.log(`\nmedian of ${rounds} rounds of ${seconds} s, three steps an execution, fsync on:`)
    for (const many of inFlight) console.log(line(median(figures.filter((figure) => figure.inFlight === many))))
    const { size } = await stat(join(folder, 'biplane.db'))
    console.log(`${(size / 1024 / executions).toFixed(2)} KB of log per execution (warm-up included)`)
    return figures.every(({ errors }) => errors === 0)
  })
}

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

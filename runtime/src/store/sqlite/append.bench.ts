// How many durable commands a second the store takes, at several numbers of executions in flight. An execution is five commits:
// accept and start, three steps, settle. `node append.bench.ts [seconds] [sessions]`; nothing else should use the disk.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type IdSource, type SessionId, newExecutionId, newIntentId, newSessionId } from '@biplane/protocol'

import type { AcceptIntent, Claimed, NewEntry, RecordExecution, Store } from '../port.ts'
import { openSqliteStore } from './open-sqlite-store.ts'

const IN_FLIGHT = (process.env['IN_FLIGHT'] ?? '1,64,256').split(',').map(Number)
const TENANT = 'acme'
const seconds = Number(process.argv[2] ?? 3)
const sessionCount = Number(process.argv[3] ?? 64)
const chance = new Uint8Array(16)
/** Without chance, so that what is measured is the store. */
const ids: IdSource = { now: () => ++minted, bytes: () => chance }
let minted = Date.now()
const HASH = 'a'.repeat(64)

const entry = (type: string, execution: NewEntry['execution_id'], data: string, secret: string | null): NewEntry => ({
  kind: type.startsWith('step') ? 'step' : 'lifecycle',
  type,
  execution_id: execution,
  time_ms: Date.now(),
  data,
  secret,
})

async function createSessions(store: Store, lease: Claimed): Promise<SessionId[]> {
  const sessions = Array.from({ length: sessionCount }, () => newSessionId(ids))
  for (const session_id of sessions) {
    const session = { session_id, tenant_id: TENANT, status: 'open', created_ms: Date.now() } as const
    const created = { ...entry('session.created', null, '{}', null), kind: 'session' } as const
    await store.createSession({ lease, session, key: null, entry: created })
  }
  return sessions
}

async function execute(store: Store, lease: Claimed, session_id: SessionId): Promise<void> {
  const execution_id = newExecutionId(ids)
  const intent_id = newIntentId(ids)
  const accept: AcceptIntent = {
    lease,
    execution: {
      tenant_id: TENANT,
      execution_id,
      intent_id,
      session_id,
      intent_type: 'content.upload',
      realm: 'content',
      realm_version: '1',
      status: 'running',
      compensated: false,
      created_ms: Date.now(),
      ended_ms: null,
      parent_id: null,
      parent_ordinal: null,
      began_ms: Date.now(),
      rate_lane: null,
    },
    keys: [{ key: intent_id, body_hash: HASH }],
    entries: [
      entry(
        'intent.accepted',
        execution_id,
        JSON.stringify({ intent_id, intent_type: 'content.upload', realm_version: '1' }),
        JSON.stringify({ payload: { name: 'orders.csv', rows: 100 } }),
      ),
      entry('execution.started', execution_id, '{}', null),
    ],
    artifacts: [],
    set_timers: [],
  }
  await store.acceptIntent(accept)
  const record: RecordExecution = {
    lease,
    tenant_id: TENANT,
    session_id,
    execution_id,
    entries: [],
    state: [],
    artifacts: [],
    status: 'running',
    compensated: false,
    set_timers: [],
    clear_timers: [],
  }
  for (const [ordinal, name] of ['land', 'assess', 'register'].entries()) {
    const data = JSON.stringify({ ordinal, name, attempt: 1, duration_ms: 41 })
    const step = entry('step.completed', execution_id, data, '{"result":{"rows":100,"rejected":0}}')
    await store.record({ ...record, entries: [step] })
  }
  const done = entry('execution.completed', execution_id, '{"result":{"rows":100}}', null)
  await store.record({ ...record, entries: [done], status: 'completed' })
}

async function measure(inFlight: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'biplane-bench-'))
  const store = await openSqliteStore({ folder, clock: Date })
  const [lease] = (await store.claimShards('bench')) as [Claimed]
  const sessions = await createSessions(store, lease)
  const times: number[] = []
  const before = { all: process.cpuUsage(), main: process.threadCpuUsage() }
  const end = performance.now() + seconds * 1_000
  const line = async (first: number): Promise<void> => {
    for (let i = first; performance.now() < end; i += inFlight) {
      const begun = performance.now()
      await execute(store, lease, sessions[i % sessions.length] as SessionId)
      times.push(performance.now() - begun)
    }
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: inFlight }, (_, i) => line(i)))
  const took_s = (performance.now() - begun) / 1_000
  const cpu = { all: process.cpuUsage(before.all), main: process.threadCpuUsage(before.main) }
  await store.close()
  rmSync(folder, { recursive: true })

  times.sort((a, b) => a - b)
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(2)
  const rate = times.length / took_s
  const cost = ({ user, system }: NodeJS.CpuUsage): string => ((user + system) / times.length).toFixed(0)
  console.log(
    `${String(inFlight).padStart(4)} in flight: ${Math.round(rate).toLocaleString()} executions/s, ` +
      `${Math.round(rate * 5).toLocaleString()} commits/s; an execution takes ${at(0.5)} ms (p50), ${at(0.99)} ms (p99) ` +
      `and ${cost(cpu.all)} µs of CPU, of which ${cost(cpu.main)} on the main thread`,
  )
}

for (const inFlight of IN_FLIGHT) await measure(inFlight)

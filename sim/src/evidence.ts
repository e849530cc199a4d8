// What the checkers look at: the logs and tables as the store has them at the end, what clients saw, what was done outside.

import type { ExecutionId, SessionId, TenantId } from '@biplane/protocol'
import type { Entry, ExecutionRow, SessionRow, StateRow, StateScope, Store } from '@biplane/runtime/store-port'

import type { Observed } from './observed.ts'
import type { Moment, Outside } from './outside.ts'
import type { Asked } from './program.ts'
import type { Witness } from './witness.ts'
import type { Downtime, World } from './world.ts'

const PAGE = 10_000

export interface SessionLog {
  tenant: TenantId
  session: SessionId
  row: SessionRow
  entries: Entry[]
}

export interface ExecutionLog {
  row: ExecutionRow
  entries: Entry[]
}

export interface StateTable {
  scope: StateScope
  owner: SessionId | TenantId
  rows: StateRow[]
}

export interface Evidence {
  sessions: SessionLog[]
  executions: ExecutionLog[]
  state: StateTable[]
  observed: Observed
  outside: Outside
  /** When the handler of each execution was run, or handed what it waited for. */
  turns: ReadonlyMap<string, readonly Moment[]>
  witness: Witness
  downtimes: readonly Downtime[]
  world: World
}

export async function gatherEvidence(world: World, observed: Observed): Promise<Evidence> {
  const { store, outside, witness, downtimes } = world
  const tenants = [...new Set(observed.sessions.map(({ tenant }) => tenant))]
  const sessions: SessionLog[] = []
  const state: StateTable[] = []
  const executions: ExecutionLog[] = []
  for (const tenant of tenants) {
    state.push(await stateOf(store, 'tenant', tenant))
    for (const row of (await store.listSessions(tenant, null, PAGE)).items) {
      const { session_id: session } = row
      sessions.push({ tenant, session, row, entries: await store.readSession(session, 0, PAGE) })
      state.push(await stateOf(store, 'session', session))
    }
    for (const row of (await store.listExecutions({ tenant_id: tenant }, null, PAGE)).items) {
      executions.push({ row, entries: await store.readExecution(row.execution_id, 0, PAGE) })
    }
  }
  // Kept, because checkers run handlers too.
  const turns = new Map([...outside.turns].map(([execution, moments]) => [execution, [...moments]]))
  return { sessions, executions, state, observed, outside, turns, witness, downtimes, world }
}

async function stateOf(store: Store, scope: StateScope, owner: SessionId | TenantId): Promise<StateTable> {
  return { scope, owner, rows: (await store.listState(scope, owner, '', null, PAGE)).items }
}

/** The fields of an entry's data that checkers look at. */
export interface Data {
  ordinal: number
  name: string
  key?: string
  attempt?: number
  until?: string
  retry_at?: string
  result?: unknown
  scope?: StateScope
  revision?: number
  detached?: boolean
  child_execution_id?: string
  status?: string
  compensated?: boolean
  final?: boolean
  signal_id?: string
  mode?: 'cooperative' | 'kill'
  error?: { code: string }
  superseded_by?: ExecutionId
  retry_of?: ExecutionId
  fork_of?: { execution_id: ExecutionId; through_seq: number }
}

export const dataOf = (entry: Entry): Data => JSON.parse(entry.data) as Data
export const secretOf = (entry: Entry): Record<string, unknown> =>
  entry.secret === null ? {} : (JSON.parse(entry.secret) as Record<string, unknown>)

/** Entries that end an execution. */
export const ENDS: readonly string[] = [
  'execution.completed',
  'execution.failed',
  'execution.cancelled',
  'execution.superseded',
]

export const ofType = ({ entries }: { entries: readonly Entry[] }, ...types: string[]): Entry[] =>
  entries.filter(({ type }) => types.includes(type))

/** What an execution was asked to do. */
export const askedOf = ({ entries }: ExecutionLog): Asked => secretOf(entries[0] as Entry)['payload'] as Asked

/** Runs of bodies, or of undos, that are of this execution. */
export const runsOf = <T extends { key: string }>({ row }: ExecutionLog, runs: readonly T[]): T[] =>
  runs.filter(({ key }) => key.startsWith(`${row.execution_id}/`))

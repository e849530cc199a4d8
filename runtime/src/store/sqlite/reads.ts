// The reads that the reader carries out, by the name under which they are sent to it.

import { dueTimers } from './due-timers.ts'
import { getExecution } from './get-execution.ts'
import { getSession } from './get-session.ts'
import { getState } from './get-state.ts'
import { listBegun } from './list-begun.ts'
import { listExecutions } from './list-executions.ts'
import { listSessions } from './list-sessions.ts'
import { listState } from './list-state.ts'
import { listUncut } from './list-uncut.ts'
import { listUnfinished } from './list-unfinished.ts'
import { readEntries } from './read-entries.ts'
import { readHead } from './read-head.ts'
import { readTenant } from './read-tenant.ts'
import { readTenantHead } from './read-tenant-head.ts'
import { unreferenced } from './unreferenced.ts'

export const READS = {
  dueTimers,
  getExecution,
  getSession,
  getState,
  listBegun,
  listExecutions,
  listSessions,
  listState,
  listUncut,
  listUnfinished,
  readEntries,
  readHead,
  readTenant,
  readTenantHead,
  unreferenced,
}

type Reads = typeof READS
export type ReadVerb = keyof Reads
export type AskOf<V extends ReadVerb> = Parameters<Reads[V]> extends [unknown, ...infer Rest] ? Rest : never
export type FoundOf<V extends ReadVerb> = ReturnType<Reads[V]>

export interface ReadRequest {
  verb: ReadVerb
  ask: readonly unknown[]
}

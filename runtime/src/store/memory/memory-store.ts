// The store without a disk, for tests and the simulator: plain data, no threads, no timers. A command is carried out whole at its
// call; its answer comes in the next microtask, after the listeners. What is given and what is answered are copies.

import type { ExecutionId, SessionId, TenantId } from '@biplane/protocol'

import { StoreClosed } from '../error.ts'
import type * as port from '../port.ts'
import { acceptIntent, closeSession, createSession, record } from './commands.ts'
import { cutLog } from './cut-log.ts'
import { dueTimers, listBegun, listExecutions, listSessions, listState, listUncut, listUnfinished } from './lists.ts'
import { sweepKeys } from './request-keys.ts'
import { type ExecutionRecord, type SessionRecord, Tables } from './tables.ts'

export class MemoryStore implements port.Store {
  readonly now: () => number
  readonly #tables = new Tables()
  readonly #listeners: Parameters<port.Store['onAppend']>[0][] = []
  #closed = false

  /** `clock`: milliseconds since 1970. */
  constructor(clock: { now(): number }) {
    this.now = () => clock.now()
  }

  claimShards(_owner: string) {
    return this.#answer((tables) => tables.claimShards())
  }

  releaseShards(leases: readonly port.Lease[]) {
    return this.#answer((tables) => tables.releaseShards(leases))
  }

  createSession(command: port.CreateSession) {
    return this.#append(command.session.session_id, (tables) => createSession(tables, command))
  }

  closeSession(command: port.CloseSession) {
    return this.#append(command.session_id, (tables) => closeSession(tables, command))
  }

  acceptIntent(command: port.AcceptIntent) {
    return this.#append(command.execution.session_id, (tables) => acceptIntent(tables, command))
  }

  record(command: port.RecordExecution) {
    return this.#append(command.session_id, (tables) => record(tables, command))
  }

  cutLog(command: port.CutLog) {
    return this.#answer((tables) => cutLog(tables, command))
  }

  listUncut(...ask: Parameters<port.Store['listUncut']>) {
    return this.#answer((tables) => listUncut(tables, ...ask))
  }

  getSession(...[tenant, session]: Parameters<port.Store['getSession']>) {
    return this.#answer((tables) => structuredClone(tables.session(tenant, session)?.row ?? null))
  }

  listSessions(...ask: Parameters<port.Store['listSessions']>) {
    return this.#answer((tables) => listSessions(tables, ...ask))
  }

  getExecution(...[tenant, execution]: Parameters<port.Store['getExecution']>) {
    return this.#answer((tables) => structuredClone(tables.execution(tenant, execution)?.row ?? null))
  }

  listExecutions(...ask: Parameters<port.Store['listExecutions']>) {
    return this.#answer((tables) => listExecutions(tables, ...ask))
  }

  listUnfinished(...ask: Parameters<port.Store['listUnfinished']>) {
    return this.#answer((tables) => listUnfinished(tables, ...ask))
  }

  listBegun(...ask: Parameters<port.Store['listBegun']>) {
    return this.#answer((tables) => listBegun(tables, ...ask))
  }

  sessionHead(session: SessionId) {
    return this.#answer((tables) => headOf(tables.sessions.get(session)))
  }

  readSession(session: SessionId, afterSeq: number, limit: number) {
    return this.#answer((tables) => entriesAfter(tables.sessions.get(session), afterSeq, limit))
  }

  readExecution(execution: ExecutionId, afterSeq: number, limit: number) {
    return this.#answer((tables) => entriesAfter(tables.executions.get(execution), afterSeq, limit))
  }

  tenantHead(tenant: TenantId) {
    return this.#answer((tables) => {
      const { floor, entries } = tables.logOf(tenant)
      return floor + entries.length
    })
  }

  readTenant(tenant: TenantId, asked: number, limit: number) {
    return this.#answer((tables): port.TenantPage => {
      const { floor, entries } = tables.logOf(tenant)
      const after = Math.max(asked, floor)
      return { after, entries: copies(entries.slice(after - floor, after - floor + limit)) }
    })
  }

  onAppend(listener: Parameters<port.Store['onAppend']>[0]) {
    this.#listeners.push(listener)
  }

  getState(...[scope, owner, key]: Parameters<port.Store['getState']>) {
    return this.#answer((tables): port.StateRow | null => {
      const { value, revision } = tables.stateOf(scope, owner).get(key) ?? { value: null, revision: 0 }
      return value === null ? null : { key, value, revision }
    })
  }

  listState(...ask: Parameters<port.Store['listState']>) {
    return this.#answer((tables) => listState(tables, ...ask))
  }

  dueTimers(limit: number) {
    return this.#answer((tables) => dueTimers(tables, this.now(), limit))
  }

  sweepKeys(beforeMs: number, limit: number) {
    return this.#answer((tables) => sweepKeys(tables, beforeMs, limit))
  }

  unreferenced(...[tenant, artifacts]: Parameters<port.Store['unreferenced']>) {
    return this.#answer((tables) => artifacts.filter((artifact) => !tables.artifactsOf(tenant).has(artifact)))
  }

  close(): Promise<void> {
    this.#closed = true
    return Promise.resolve()
  }

  /** `async`, so that what `work` throws rejects; it runs before this returns all the same. */
  async #answer<T>(work: (tables: Tables) => T): Promise<T> {
    if (this.#closed) throw new StoreClosed('The store is closed.')
    return work(this.#tables)
  }

  #append<T>(session: SessionId, work: (tables: Tables) => T): Promise<T> {
    return this.#answer((tables) => {
      const before = tables.lastPos
      const result = work(tables)
      if (tables.lastPos > before) queueMicrotask(() => this.#tell(session))
      return result
    })
  }

  #tell(session: SessionId): void {
    const { row, last_seq } = this.#tables.sessions.get(session) as SessionRecord
    for (const listener of this.#listeners) listener(session, last_seq, row.tenant_id)
  }
}

function headOf(session: SessionRecord | undefined): port.SessionHead | null {
  if (!session) return null
  const { tenant_id, status } = session.row
  return { tenant_id, last_seq: session.last_seq, status }
}

function entriesAfter(log: SessionRecord | ExecutionRecord | undefined, afterSeq: number, limit: number): port.Entry[] {
  const entries = log?.entries ?? []
  // From the end, where those who follow a log are.
  const first = entries.findLastIndex(({ seq }) => seq <= afterSeq) + 1
  return copies(entries.slice(first, first + limit))
}

const copies = (entries: readonly port.Entry[]): port.Entry[] => entries.map((entry) => ({ ...entry }))

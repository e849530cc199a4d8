// The SQL of the embedded store on one connection in memory, without threads, for the simulator: every command is carried out whole
// at its call, in a transaction of its own, and answered in the next microtask. So the same calls make the same run, through the
// same statements, the same index behind the log and the same memory of heads as in a folder.

import type { ExecutionId, SessionId, TenantId } from '@biplane/protocol'

import { StoreClosed } from '../error.ts'
import type * as port from '../port.ts'
import { appendedEntries } from './appended-entries.ts'
import { openInMemory } from './database.ts'
import { commitGroup } from './group-commit.ts'
import { tenantScope } from './index-batch.ts'
import { migrate } from './migrate.ts'
import { READS, type AskOf, type FoundOf, type ReadVerb } from './reads.ts'
import { refusalError } from './refusal-error.ts'
import { WriteDb } from './write-db.ts'
import type { CommandOf, ResultOf, WriteRequest, WriteVerb } from './writes.ts'

export interface DirectLimits {
  /** Rows of the index that are written in one commit. */
  indexRowsMax?: number
  /** Sessions and executions whose place is remembered. */
  headsMax?: number
}

export class DirectStore implements port.Store {
  readonly now: () => number
  readonly #db: WriteDb
  readonly #listeners: Parameters<port.Store['onAppend']>[0][] = []
  #closed = false

  /** `clock`: milliseconds since 1970. */
  constructor(clock: { now(): number }, limits: DirectLimits = {}) {
    this.now = () => clock.now()
    const db = openInMemory()
    migrate(db)
    this.#db = new WriteDb(db, limits)
  }

  claimShards(owner: string) {
    return this.#write('claimShards', { owner })
  }

  releaseShards(leases: readonly port.Lease[]) {
    return this.#write('releaseShards', { leases })
  }

  createSession(command: port.CreateSession) {
    return this.#write('createSession', command)
  }

  closeSession(command: port.CloseSession) {
    return this.#write('closeSession', command)
  }

  acceptIntent(command: port.AcceptIntent) {
    return this.#write('acceptIntent', command)
  }

  record(command: port.RecordExecution) {
    return this.#write('recordExecution', command)
  }

  cutLog(command: port.CutLog) {
    return this.#write('cutLog', command)
  }

  listUncut(...ask: Parameters<port.Store['listUncut']>) {
    return this.#read('listUncut', ...ask)
  }

  getSession(...ask: Parameters<port.Store['getSession']>) {
    return this.#read('getSession', ...ask)
  }

  listSessions(...ask: Parameters<port.Store['listSessions']>) {
    return this.#read('listSessions', ...ask)
  }

  getExecution(...ask: Parameters<port.Store['getExecution']>) {
    return this.#read('getExecution', ...ask)
  }

  listExecutions(...ask: Parameters<port.Store['listExecutions']>) {
    return this.#read('listExecutions', ...ask)
  }

  listUnfinished(...ask: Parameters<port.Store['listUnfinished']>) {
    return this.#read('listUnfinished', ...ask)
  }

  listBegun(...ask: Parameters<port.Store['listBegun']>) {
    return this.#read('listBegun', ...ask)
  }

  sessionHead(session: SessionId) {
    return this.#answer(() => this.#readIndexed('readHead', session).head)
  }

  readSession(session: SessionId, afterSeq: number, limit: number) {
    return this.#answer(() => this.#entries(session, afterSeq, limit))
  }

  readExecution(execution: ExecutionId, afterSeq: number, limit: number) {
    return this.#answer(() => this.#entries(execution, afterSeq, limit))
  }

  tenantHead(tenant: TenantId) {
    return this.#answer(() => this.#readIndexed('readTenantHead', tenant).last)
  }

  readTenant(tenant: TenantId, after: number, limit: number) {
    return this.#answer(() => {
      const { from } = this.#readIndexed('readTenant', tenant, after, 0)
      return { after: from, entries: this.#entries(tenantScope(tenant), from, limit) }
    })
  }

  onAppend(listener: Parameters<port.Store['onAppend']>[0]) {
    this.#listeners.push(listener)
  }

  getState(...ask: Parameters<port.Store['getState']>) {
    return this.#read('getState', ...ask)
  }

  listState(...ask: Parameters<port.Store['listState']>) {
    return this.#read('listState', ...ask)
  }

  dueTimers(limit: number) {
    return this.#read('dueTimers', this.now(), limit)
  }

  sweepKeys(before_ms: number, limit: number) {
    return this.#write('sweepKeys', { before_ms, limit })
  }

  unreferenced(...ask: Parameters<port.Store['unreferenced']>) {
    return this.#read('unreferenced', ...ask)
  }

  async close(): Promise<void> {
    if (!this.#closed) this.#db.db.close()
    this.#closed = true
  }

  #write<V extends WriteVerb>(verb: V, command: CommandOf<V>): Promise<ResultOf<V>> {
    return this.#answer(() => {
      const request = { verb, command, chars: 0 } as WriteRequest
      const [answer] = commitGroup(this.#db, [request])
      if (!answer) throw new Error(`${verb} was not answered.`)
      if ('refused' in answer) throw refusalError(request, answer)
      const last = answer.appended && appendedEntries(request, answer.appended).at(-1)
      if (last) queueMicrotask(() => this.#tell(last))
      return answer.result as ResultOf<V>
    })
  }

  #read<V extends ReadVerb>(verb: V, ...ask: AskOf<V>): Promise<FoundOf<V>> {
    return this.#answer(() => this.#readNow(verb, ...ask))
  }

  #entries(scope: string, from: number, limit: number): port.Entry[] {
    const found: port.Entry[] = []
    for (let last = from; ;) {
      const { entries, after, more } = this.#readIndexed('readEntries', scope, last, limit - found.length)
      for (const entry of entries) found.push(entry)
      last = after
      if (!more || found.length >= limit) return found
    }
  }

  /** There is no tail in memory: what a read of the log is to see must be in the index. */
  #readIndexed<V extends ReadVerb>(verb: V, ...ask: AskOf<V>): FoundOf<V> {
    if (this.#db.index.isBehind) this.#db.indexAll()
    return this.#readNow(verb, ...ask)
  }

  #readNow<V extends ReadVerb>(verb: V, ...ask: AskOf<V>): FoundOf<V> {
    const read = READS[verb] as (...values: unknown[]) => FoundOf<V>
    return this.#db.db.reading(() => read(this.#db.db, ...ask))
  }

  /** `async`, so that what `work` throws rejects; it runs before this returns all the same. Answers are copies. */
  async #answer<T>(work: () => T): Promise<T> {
    if (this.#closed) throw new StoreClosed('The store is closed.')
    return structuredClone(work())
  }

  #tell({ session_id, seq, tenant_id }: port.Entry): void {
    for (const listener of this.#listeners) listener(session_id, seq, tenant_id)
  }
}

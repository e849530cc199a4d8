// The embedded store: a folder, a thread that writes, a thread that reads. Every command goes to the writer, which commits what
// has come in as one group. Reads of the log are answered from its tail in memory where that reaches; the reader does the rest.

import type { SessionId, TenantId } from '@biplane/protocol'

import type * as port from '../port.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

export interface Parts {
  writer: Writer
  reader: Reader
  now: () => number
  /** Lets what was asked finish, the threads end and the folder go. */
  close: () => Promise<void>
}

export class SqliteStore implements port.Store {
  readonly #writer: Writer
  readonly #reader: Reader
  readonly #close: () => Promise<void>
  readonly now: () => number
  #closed: Promise<void> | null = null

  constructor({ writer, reader, now, close }: Parts) {
    this.#writer = writer
    this.#reader = reader
    this.#close = close
    this.now = now
  }

  claimShards(owner: string) {
    return this.#writer.write('claimShards', { owner })
  }

  releaseShards(leases: readonly port.Lease[]) {
    return this.#writer.write('releaseShards', { leases })
  }

  createSession(command: port.CreateSession) {
    return this.#writer.write('createSession', command)
  }

  closeSession(command: port.CloseSession) {
    return this.#writer.write('closeSession', command)
  }

  acceptIntent(command: port.AcceptIntent) {
    return this.#writer.write('acceptIntent', command)
  }

  record(command: port.RecordExecution) {
    return this.#writer.write('recordExecution', command)
  }

  cutLog(command: port.CutLog) {
    return this.#writer.write('cutLog', command)
  }

  listUncut(...ask: Parameters<port.Store['listUncut']>) {
    return this.#reader.read('listUncut', ...ask)
  }

  getSession(...ask: Parameters<port.Store['getSession']>) {
    return this.#reader.read('getSession', ...ask)
  }

  listSessions(...ask: Parameters<port.Store['listSessions']>) {
    return this.#reader.read('listSessions', ...ask)
  }

  getExecution(...ask: Parameters<port.Store['getExecution']>) {
    return this.#reader.read('getExecution', ...ask)
  }

  listExecutions(...ask: Parameters<port.Store['listExecutions']>) {
    return this.#reader.read('listExecutions', ...ask)
  }

  listUnfinished(...ask: Parameters<port.Store['listUnfinished']>) {
    return this.#reader.read('listUnfinished', ...ask)
  }

  listBegun(...ask: Parameters<port.Store['listBegun']>) {
    return this.#reader.read('listBegun', ...ask)
  }

  sessionHead(session: SessionId) {
    return this.#reader.head(session)
  }

  readSession(...ask: Parameters<port.Store['readSession']>) {
    return this.#reader.entries(...ask)
  }

  readExecution(...ask: Parameters<port.Store['readExecution']>) {
    return this.#reader.entries(...ask)
  }

  tenantHead(tenant: TenantId) {
    return this.#reader.tenantHead(tenant)
  }

  readTenant(...ask: Parameters<port.Store['readTenant']>) {
    return this.#reader.tenantEntries(...ask)
  }

  onAppend(listener: Parameters<port.Store['onAppend']>[0]) {
    this.#writer.onAppend(listener)
  }

  getState(...ask: Parameters<port.Store['getState']>) {
    return this.#reader.read('getState', ...ask)
  }

  listState(...ask: Parameters<port.Store['listState']>) {
    return this.#reader.read('listState', ...ask)
  }

  dueTimers(limit: number) {
    return this.#reader.read('dueTimers', this.now(), limit)
  }

  sweepKeys(before_ms: number, limit: number) {
    return this.#writer.write('sweepKeys', { before_ms, limit })
  }

  unreferenced(...ask: Parameters<port.Store['unreferenced']>) {
    return this.#reader.read('unreferenced', ...ask)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }
}

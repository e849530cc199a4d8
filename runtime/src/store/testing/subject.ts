// A store under test, and short ways to write the commands that tests give it. Time stands still until a test moves it, and ids
// are made in order.

import { type ExecutionId, type FinalStatus, type SessionId, type TenantId, newExecutionId } from '@biplane/protocol'
import { newIntentId, newSessionId } from '@biplane/protocol'

import type * as port from '../port.ts'
import { shardOf } from '../shard.ts'

export const TENANT = 'acme'
export const PAGE = 1_000

export interface OpenedStore extends AsyncDisposable {
  store: port.Store
}

/** Opens a store with nothing in it; disposing takes away all of it. */
export type OpenStore = (clock: { now(): number }) => Promise<OpenedStore>

export type OpenSubject = () => Promise<Subject>

/** What names an execution. */
export type Name = Pick<port.ExecutionRow, 'tenant_id' | 'session_id' | 'execution_id'>

const START_MS = 1_790_000_000_000
let minted = 0

export class Subject {
  readonly store: port.Store
  readonly clock: { now_ms: number }
  readonly ids = { now: () => START_MS + ++minted, bytes: (count: number) => new Uint8Array(count) }
  readonly #dispose: () => PromiseLike<void>
  #leases: port.Lease[]

  private constructor(opened: OpenedStore, clock: { now_ms: number }, leases: port.Lease[]) {
    this.store = opened.store
    this.clock = clock
    this.#dispose = () => opened[Symbol.asyncDispose]()
    this.#leases = leases
  }

  static async open(openStore: OpenStore): Promise<Subject> {
    const clock = { now_ms: START_MS }
    const opened = await openStore({ now: () => clock.now_ms })
    return new Subject(opened, clock, await opened.store.claimShards('first'))
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#dispose()
  }

  leaseOf(session: SessionId): port.Lease {
    return this.#leases[shardOf(session)] as port.Lease
  }

  release(): Promise<void> {
    return this.store.releaseShards(this.#leases)
  }

  /** Another owner takes every shard. This one keeps its leases unless told to `use` the new ones. */
  claim(): Promise<port.Claimed[]> {
    return this.store.claimShards('second')
  }

  use(leases: port.Lease[]): void {
    this.#leases = leases
  }

  entry(type: string, execution_id: ExecutionId | null = null, data = '{}'): port.NewEntry {
    const kind = execution_id ? 'lifecycle' : 'session'
    return { kind, type, execution_id, time_ms: this.clock.now_ms, data, secret: execution_id && '{"private":true}' }
  }

  createCommand(tenant_id: TenantId = TENANT, key: port.RequestKey | null = null): port.CreateSession {
    const session_id = newSessionId(this.ids)
    const session: port.SessionRow = { session_id, tenant_id, status: 'open', created_ms: this.clock.now_ms }
    return { lease: this.leaseOf(session_id), session, key, entry: this.entry('session.created') }
  }

  async session(tenant_id?: TenantId): Promise<SessionId> {
    const command = this.createCommand(tenant_id)
    await this.store.createSession(command)
    return command.session.session_id
  }

  acceptCommand(
    session_id: SessionId,
    changes: Partial<port.AcceptIntent> = {},
    tenant_id = TENANT,
  ): port.AcceptIntent {
    const execution_id = newExecutionId(this.ids)
    const execution: port.ExecutionRow = {
      tenant_id,
      execution_id,
      intent_id: newIntentId(this.ids),
      session_id,
      intent_type: 'content.upload',
      realm: 'content',
      realm_version: '1',
      status: 'accepted',
      compensated: false,
      created_ms: this.clock.now_ms,
      ended_ms: null,
      parent_id: null,
      parent_ordinal: null,
      began_ms: null,
      rate_lane: null,
    }
    const entries = [this.entry('intent.accepted', execution_id)]
    return { lease: this.leaseOf(session_id), execution, keys: [], entries, artifacts: [], set_timers: [], ...changes }
  }

  async execution(session_id: SessionId, tenant_id = TENANT): Promise<Name> {
    const command = this.acceptCommand(session_id, {}, tenant_id)
    await this.store.acceptIntent(command)
    return command.execution
  }

  /** By default one step, of a running execution. */
  recordCommand(
    { tenant_id, session_id, execution_id }: Name,
    changes: Partial<port.RecordExecution> = {},
  ): port.RecordExecution {
    return {
      lease: this.leaseOf(session_id),
      tenant_id,
      session_id,
      execution_id,
      entries: [this.entry('step.completed', execution_id)],
      state: [],
      artifacts: [],
      status: 'running',
      compensated: false,
      set_timers: [],
      clear_timers: [],
      ...changes,
    }
  }

  record(execution: Name, changes: Partial<port.RecordExecution> = {}): Promise<port.Recorded> {
    return this.store.record(this.recordCommand(execution, changes))
  }

  end(execution: Name, status: FinalStatus = 'completed', compensated = false): Promise<port.Recorded> {
    const entries = [this.entry(`execution.${status}`, execution.execution_id)]
    return this.record(execution, { entries, status, compensated })
  }

  closeSession(session_id: SessionId, tenant_id = TENANT): Promise<port.ClosedSession> {
    const closing = this.entry('session.closing')
    return this.store.closeSession({ lease: this.leaseOf(session_id), tenant_id, session_id, closing })
  }

  async types(session_id: SessionId): Promise<string[]> {
    return (await this.store.readSession(session_id, 0, PAGE)).map(({ type }) => type)
  }
}

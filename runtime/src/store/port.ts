// The store port: commands, each one transaction. There is no interactive transaction: whatever a decision needs is in the
// command, and the answer says how it was decided. One conformance suite runs over every implementation.
//
// Three promises that everything above relies on:
//  1. A command's promise resolves after its commit is durable, never before; readers see nothing uncommitted.
//  2. Only the holder of a shard's lease appends: a command with an older epoch is refused with `Fenced` and changes nothing.
//  3. `seq` is given in the transaction that appends: 1..n in a session, without gaps. `pos` is the order of commits.
//
// Ids of sessions and executions are minted by the runtime and used once in all tenants, so logs are found by them alone; whether
// a tenant may see one is asked with its row. What clients choose (keys, intent ids) is found within the tenant.
//
// A rejected promise means that the outcome is unknown, but for the errors of store/error.ts, which mean that nothing changed.

import type {
  ArtifactId,
  EventKind,
  ExecutionId,
  FinalStatus,
  IntentId,
  Session,
  SessionId,
  Status,
  TenantId,
} from '@biplane/protocol'

export const SHARDS = 256

export interface Lease {
  shard: number
  epoch: number
}

/** A shard that was taken. `released` if the owner before let go of it in peace, or there was none. */
export interface Claimed extends Lease {
  released: boolean
}

/** An entry to append. `data` and `secret` are JSON texts: `data` is what readers see, `secret` is for the engine alone. */
export interface NewEntry {
  kind: EventKind
  type: string
  execution_id: ExecutionId | null
  time_ms: number
  data: string
  secret: string | null
}

/** An entry of a log. `pos` orders all entries of the store and never leaves the runtime; `seq` counts within the session. */
export interface Entry extends NewEntry {
  pos: number
  seq: number
  session_id: SessionId
  tenant_id: TenantId
}

export interface ExecutionRow {
  tenant_id: TenantId
  execution_id: ExecutionId
  intent_id: IntentId
  session_id: SessionId
  intent_type: string
  realm: string
  realm_version: string
  status: Status
  compensated: boolean
  created_ms: number
  ended_ms: number | null
  /** The execution that called it. */
  parent_id: ExecutionId | null
  /** The call that waits for its end; null if none does. */
  parent_ordinal: number | null
  /** When it began; null if it has not. */
  began_ms: number | null
  /** The lane in which its beginning counts; null if it has not begun, or nothing bounds how often that may be. */
  rate_lane: string | null
}

/** When an execution of a lane began. */
export interface Begun {
  execution_id: ExecutionId
  rate_lane: string
  began_ms: number
}

export interface SessionRow extends Omit<Session, 'created_at'> {
  created_ms: number
}

/** A key that makes a request safe to repeat, and the hash of the canonical body it was first used with. */
export interface RequestKey {
  key: string
  body_hash: string
}

export interface CreateSession {
  lease: Lease
  session: SessionRow
  key: RequestKey | null
  entry: NewEntry
  /** The tenant may have no more: nothing is made, but what the key has made is still answered. */
  at_quota?: boolean
}

export type CreatedSession =
  | { outcome: 'created'; session: SessionRow }
  /** The key was used before with the same body; this is what it made. */
  | { outcome: 'existing'; session: SessionRow }
  | { outcome: 'key_conflict' }
  | { outcome: 'quota_exceeded' }

export interface CloseSession {
  lease: Lease
  tenant_id: TenantId
  session_id: SessionId
  /** Appended at the call. `session.closed` follows at once if no execution is unfinished, else with the end of the last one. */
  closing: NewEntry
}

export type ClosedSession = { outcome: 'closing' | 'closed' | 'closed_before' | 'not_found' }

export interface AcceptIntent {
  lease: Lease
  /** One with a parent is accepted in a session that is closing, too. */
  execution: ExecutionRow
  /** Every key under which this intent can be asked for again; the first that is known decides. */
  keys: RequestKey[]
  /** Of the execution, and of its parent if it has one; next to each other. */
  entries: NewEntry[]
  /** Artifacts that the entries name; they are kept for as long as the log is. */
  artifacts: ArtifactId[]
  set_timers: Timer[]
  /** As of `CreateSession`. */
  at_quota?: boolean
  /** The execution whose answers it is given: all of that must still be there. */
  goes_on_from?: ExecutionId
}

export type AcceptedIntent =
  | { outcome: 'accepted'; last_seq: number }
  | { outcome: 'existing'; execution: ExecutionRow }
  | { outcome: 'key_conflict' | 'quota_exceeded' | 'session_closed' | 'session_not_found' | 'history_gone' }

/** A look at the log of a session, whose beginning may go. */
export interface CutLog {
  lease: Lease
  tenant_id: TenantId
  session_id: SessionId
  /** Entries below this seq go, unless they are needed. */
  before_seq: number
  /** At most so many; ask again for more. */
  entries_max: number
  /** When this look is. */
  looked_ms: number
}

export interface LogCut {
  /** How many went. */
  entries: number
  /** The bound of one cut ended it. */
  more: boolean
  /** The first entry that is still there. */
  first_seq: number
  /** Of the feed of the tenant, nothing up to this place is read any more. */
  tenant_floor: number
}

/** Entries of a tenant. They are read behind `after`, which is further on than was asked if what was asked for is gone. */
export interface TenantPage {
  after: number
  entries: Entry[]
}

export type StateScope = 'session' | 'tenant'

/** A write of state. With `revision`, only if the key has it (0: is absent); without, whatever it has. Null deletes. */
export interface StateWrite {
  scope: StateScope
  key: string
  value: string | null
  revision?: number
}

export interface Timer {
  execution_id: ExecutionId
  /** The call that waits. */
  ordinal: number
  due_ms: number
}

/**
 * What an execution adds to its log, with everything that must become true at the same moment. A status that is final ends it;
 * if its session is closing and this was its last unfinished execution, `session.closed` follows in the same commit.
 */
export interface RecordExecution {
  lease: Lease
  tenant_id: TenantId
  session_id: SessionId
  execution_id: ExecutionId
  entries: NewEntry[]
  state: StateWrite[]
  artifacts: ArtifactId[]
  status: Status
  compensated: boolean
  /** If it begins with this. */
  begins?: Pick<ExecutionRow, 'began_ms' | 'rate_lane'>
  /** Of this execution, or of its parent: to wake it. One of an execution that has ended is not set. */
  set_timers: Timer[]
  /** Ordinals whose timers go. A final status removes all of an execution's timers. */
  clear_timers: number[]
}

export type Recorded =
  /** `last_seq` is that of the command's last entry; its entries stand next to each other. */
  | { outcome: 'recorded'; last_seq: number }
  /** The execution has ended: the first commit won, and nothing of this one was written. */
  | { outcome: 'final'; status: FinalStatus; compensated: boolean }
  /** A state write expected another revision; nothing was written. */
  | { outcome: 'state_conflict'; key: string; revision: number }

export interface StateRow {
  key: string
  value: string
  revision: number
}

export interface PageOf<T> {
  items: T[]
  /** Pass as `after` for the next page; null at the end. */
  next: string | null
}

export interface ExecutionFilter {
  tenant_id: TenantId
  session_id?: SessionId
  status?: Status
  intent_type?: string
}

export interface SessionHead {
  tenant_id: TenantId
  last_seq: number
  status: Session['status']
}

export interface Store {
  /** Takes every shard that has no living owner; on an embedded store that is all of them, at once. */
  claimShards(owner: string): Promise<Claimed[]>
  /** Lets go of shards in peace: nothing that was under way in them was cut off. Those that were lost already stay as they are. */
  releaseShards(leases: readonly Lease[]): Promise<void>

  createSession(command: CreateSession): Promise<CreatedSession>
  closeSession(command: CloseSession): Promise<ClosedSession>
  acceptIntent(command: AcceptIntent): Promise<AcceptedIntent>
  record(command: RecordExecution): Promise<Recorded>
  /**
   * Removes the beginning of a session's log. What stays: the last entry, and everything from the first entry on of an execution
   * that has not ended, or that such a one was forked from. The tenant's feed then begins behind what was removed.
   */
  cutLog(command: CutLog): Promise<LogCut>
  /** Sessions whose log `cutLog` has not looked at since `beforeMs`, longest ago first; nobody looks at one as it is made. */
  listUncut(beforeMs: number, limit: number): Promise<Pick<SessionRow, 'tenant_id' | 'session_id'>[]>

  getSession(tenant: TenantId, session: SessionId): Promise<SessionRow | null>
  /** Newest first. `after` is the `next` of the page before. */
  listSessions(tenant: TenantId, after: string | null, limit: number): Promise<PageOf<SessionRow>>
  getExecution(tenant: TenantId, execution: ExecutionId): Promise<ExecutionRow | null>
  /** Newest first. */
  listExecutions(filter: ExecutionFilter, after: string | null, limit: number): Promise<PageOf<ExecutionRow>>
  /** Executions that have not ended, of every tenant, oldest first: what an owner resumes at its start. */
  listUnfinished(after: string | null, limit: number): Promise<PageOf<ExecutionRow>>
  /** Executions of an intent type that began at `sinceMs` or later and have a rate lane, ended or not, oldest beginning first. */
  listBegun(intentType: string, sinceMs: number, after: string | null, limit: number): Promise<PageOf<Begun>>

  /** Null if the session is unknown. */
  sessionHead(session: SessionId): Promise<SessionHead | null>
  /** Entries with seq above `afterSeq` that are still there, in order, at most `limit`; fewer only at the end of the log. */
  readSession(session: SessionId, afterSeq: number, limit: number): Promise<Entry[]>
  /** Entries of one execution with seq above `afterSeq` that are still there, in order. */
  readExecution(execution: ExecutionId, afterSeq: number, limit: number): Promise<Entry[]>
  /** How many entries a tenant has had. */
  tenantHead(tenant: TenantId): Promise<number>
  /** Entries of a tenant behind its first `after`, in the order of commits, at most `limit`; fewer only at the end. */
  readTenant(tenant: TenantId, after: number, limit: number): Promise<TenantPage>
  /** Called after each commit that appended to a session, with its last seq. Wakes readers; carries nothing to deliver. */
  onAppend(listener: (session: SessionId, lastSeq: number, tenant: TenantId) => void): void

  getState(scope: StateScope, owner: SessionId | TenantId, key: string): Promise<StateRow | null>
  /** Keys that begin with `prefix`, in order. */
  listState(
    scope: StateScope,
    owner: SessionId | TenantId,
    prefix: string,
    after: string | null,
    limit: number,
  ): Promise<PageOf<StateRow>>

  /** Milliseconds since 1970 by the store's clock: the one that timers are due by. */
  now(): number
  /** Timers that are due by the store's clock, earliest first, and when the next one after them is (null: none is set). */
  dueTimers(limit: number): Promise<{ due: (Timer & { tenant_id: TenantId })[]; next_ms: number | null }>

  /** Forgets request keys whose execution ended, or session was made, before `beforeMs`; at most `limit`. Answers how many. */
  sweepKeys(beforeMs: number, limit: number): Promise<number>
  /** Which of these artifacts of a tenant no log names. */
  unreferenced(tenant: TenantId, artifacts: ArtifactId[]): Promise<ArtifactId[]>

  /** Finishes what was asked, then lets go. */
  close(): Promise<void>
}

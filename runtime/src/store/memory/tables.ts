// What the memory store holds. Sessions and executions are found by their id alone, as everywhere: an id is used once in all
// tenants. Keys of requests and of state are found within their tenant.

import type { ArtifactId, ExecutionId, SessionId, TenantId } from '@biplane/protocol'

import { Fenced } from '../error.ts'
import type { Claimed, Entry, ExecutionRow, Lease, SessionRow, StateRow, StateScope, Timer } from '../port.ts'
import { SHARDS } from '../port.ts'

export interface SessionRecord {
  row: SessionRow
  /** The last one is always here. */
  entries: Entry[]
  last_seq: number
  /** When its log was looked at last whether some of it may go. */
  looked_ms: number
  /** Executions that have not ended. */
  unfinished: number
}

export interface ExecutionRecord {
  row: ExecutionRow
  entries: Entry[]
  /** By ordinal. */
  timers: Map<number, Timer>
}

/** In the order of commits. */
export interface TenantLog {
  /** How many entries came before those that are here. */
  floor: number
  entries: Entry[]
}

export interface KeyRecord {
  tenant_id: TenantId
  key: string
  body_hash: string
  execution: ExecutionRecord | null
  session: SessionRecord | null
  made_ms: number
}

/** A value that is null was deleted: its revision stays, so that it never goes back. */
export type StateRecord = Omit<StateRow, 'value'> & { value: string | null }

export class Tables {
  readonly sessions = new Map<SessionId, SessionRecord>()
  readonly executions = new Map<ExecutionId, ExecutionRecord>()
  /** Shards that nobody has let go of. */
  #held = new Set<number>()
  #epochs = Array.from({ length: SHARDS }, () => 0)
  readonly #keys = new Map<TenantId, Map<string, KeyRecord>>()
  readonly #logs = new Map<TenantId, TenantLog>()
  readonly #artifacts = new Map<TenantId, Set<ArtifactId>>()
  readonly #states = new Map<string, Map<string, StateRecord>>()
  lastPos = 0

  claimShards(): Claimed[] {
    const claimed = this.#epochs.map((epoch, shard) => ({ shard, epoch: epoch + 1, released: !this.#held.has(shard) }))
    this.#epochs = claimed.map(({ epoch }) => epoch)
    this.#held = new Set(claimed.map(({ shard }) => shard))
    return claimed
  }

  releaseShards(leases: readonly Lease[]): void {
    for (const { shard, epoch } of leases) if (this.#epochs[shard] === epoch) this.#held.delete(shard)
  }

  /** @throws Fenced if another owner has claimed the shard since */
  requireLease({ shard, epoch }: Lease): void {
    if (this.#epochs[shard] !== epoch) throw new Fenced(shard)
  }

  session(tenant: TenantId, id: SessionId): SessionRecord | null {
    const found = this.sessions.get(id)
    return found?.row.tenant_id === tenant ? found : null
  }

  execution(tenant: TenantId, id: ExecutionId): ExecutionRecord | null {
    const found = this.executions.get(id)
    return found?.row.tenant_id === tenant ? found : null
  }

  logOf(tenant: TenantId): TenantLog {
    return madeIfAbsent(this.#logs, tenant, () => ({ floor: 0, entries: [] }))
  }

  keysOf(tenant: TenantId): Map<string, KeyRecord> {
    return madeIfAbsent(this.#keys, tenant, () => new Map<string, KeyRecord>())
  }

  allKeys(): KeyRecord[] {
    return [...this.#keys.values()].flatMap((keys) => [...keys.values()])
  }

  artifactsOf(tenant: TenantId): Set<ArtifactId> {
    return madeIfAbsent(this.#artifacts, tenant, () => new Set<ArtifactId>())
  }

  stateOf(scope: StateScope, owner: SessionId | TenantId): Map<string, StateRecord> {
    return madeIfAbsent(this.#states, `${scope} ${owner}`, () => new Map<string, StateRecord>())
  }
}

function madeIfAbsent<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}

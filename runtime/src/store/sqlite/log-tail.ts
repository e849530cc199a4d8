// The end of the log in memory: every entry that is not indexed yet, and as many of those before as the bounds allow, so that
// who follows a log at its head is answered without a read.

import type { ExecutionId, SessionId, TenantId } from '@biplane/protocol'

import type { Entry, LogCut, SessionHead, TenantPage } from '../port.ts'
import { Fifo } from './fifo.ts'
import { HOT_CHARS_MAX } from './limits.ts'
import { Line } from './line.ts'
import { TenantLine } from './tenant-line.ts'

interface AddedTo {
  /** What the session is now. */
  status: SessionHead['status']
  /** The first entry is also the first of its execution. */
  begins: boolean
  /** The place of the first entry in its tenant. */
  tenantSeq: number
}

export class LogTail {
  readonly #entriesMax: number
  readonly #lines = new Map<SessionId | ExecutionId, Line>()
  readonly #tenants = new Map<TenantId, TenantLine>()
  readonly #status = new Map<SessionId, SessionHead['status']>()
  /** Up to where logs and feeds that are here were cut, by their seq. */
  readonly #cut = new Map<SessionId | TenantId, number>()
  /** In the order of commits. */
  readonly #entries = new Fifo<Entry>()
  #chars = 0
  /** Entries after this pos are here; those up to it are in the index. */
  floorPos: number
  /** Of the last entry of the store, here or not. */
  lastPos: number

  constructor(entriesMax: number, indexedPos: number) {
    this.#entriesMax = entriesMax
    this.floorPos = indexedPos
    this.lastPos = indexedPos
  }

  /** Entries of one commit to one session. */
  add(entries: readonly Entry[], { status, begins, tenantSeq }: AddedTo): void {
    const first = entries[0]
    const ofTenant = first && this.#tenant(first.tenant_id, tenantSeq - 1)
    for (const entry of entries) {
      const { session_id, execution_id, seq } = entry
      ofTenant?.push(entry)
      this.#line(session_id, seq - 1).push(entry)
      if (execution_id) this.#line(execution_id, begins ? 0 : seq - 1).push(entry)
      this.#entries.push(entry)
      this.#chars += charsOf(entry)
      this.#status.set(session_id, status)
      this.lastPos = entry.pos
    }
  }

  /** Everything up to `pos` is in the index, so that the oldest entries may go. */
  indexed(pos: number): void {
    while (this.#entries.length > this.#entriesMax || this.#chars > HOT_CHARS_MAX) {
      if ((this.#entries.first?.pos ?? Infinity) > pos) break
      this.#dropFirst()
    }
  }

  /** What was cut off may still be here, and is not read any more. */
  cut({ session_id, tenant_id }: Pick<Entry, 'session_id' | 'tenant_id'>, { first_seq, tenant_floor }: LogCut): void {
    if (this.#lines.has(session_id)) this.#cutTo(session_id, first_seq - 1)
    if (this.#tenants.has(tenant_id)) this.#cutTo(tenant_id, tenant_floor)
  }

  /** A tenant is told nothing of another's session. */
  #cutTo(scope: SessionId | TenantId, seq: number): void {
    this.#cut.set(scope, Math.max(seq, this.#cut.get(scope) ?? 0))
  }

  /** Entries after a seq; null if some of them may have left. */
  read(scope: SessionId | ExecutionId, after: number, limit: number): Entry[] | null {
    const line = this.#lines.get(scope)
    return line && line.floor <= after ? line.after(this.#kept(line, after), limit) : null
  }

  /** Those of the entries after a seq that are here. */
  rest(scope: SessionId | ExecutionId, after: number, limit: number): Entry[] {
    const line = this.#lines.get(scope)
    return line?.after(this.#kept(line, after), limit) ?? []
  }

  /** Null if nothing of the session is here. */
  head(session: SessionId): SessionHead | null {
    const last = this.#lines.get(session)?.last
    const status = this.#status.get(session)
    return last && status ? { tenant_id: last.tenant_id, last_seq: last.seq, status } : null
  }

  /** As `read`, of a tenant. */
  readTenant(tenant: TenantId, after: number, limit: number): TenantPage | null {
    const line = this.#tenants.get(tenant)
    return line && line.floor <= after ? this.restOfTenant(tenant, after, limit) : null
  }

  /** As `rest`, of a tenant. */
  restOfTenant(tenant: TenantId, asked: number, limit: number): TenantPage {
    const after = Math.max(asked, this.#cut.get(tenant) ?? 0)
    return { after, entries: this.#tenants.get(tenant)?.after(after, limit) ?? [] }
  }

  /** How many entries a tenant has; null if nothing of it is here. */
  tenantHead(tenant: TenantId): number | null {
    return this.#tenants.get(tenant)?.last ?? null
  }

  /** An execution's line is of one session. */
  #kept({ last }: Line, after: number): number {
    return Math.max(after, (last && this.#cut.get(last.session_id)) ?? 0)
  }

  #tenant(tenant: TenantId, floor: number): TenantLine {
    const line = this.#tenants.get(tenant) ?? new TenantLine(floor)
    this.#tenants.set(tenant, line)
    return line
  }

  #line(scope: SessionId | ExecutionId, floor: number): Line {
    let line = this.#lines.get(scope)
    if (!line) {
      line = new Line(floor)
      this.#lines.set(scope, line)
    }
    return line
  }

  #dropFirst(): void {
    const oldest = this.#entries.shift()
    if (!oldest) return
    this.#chars -= charsOf(oldest)
    this.floorPos = oldest.pos
    if (!this.#lines.get(oldest.session_id)?.shift()) {
      this.#lines.delete(oldest.session_id)
      this.#status.delete(oldest.session_id)
      this.#cut.delete(oldest.session_id)
    }
    if (!this.#tenants.get(oldest.tenant_id)?.shift()) {
      this.#tenants.delete(oldest.tenant_id)
      this.#cut.delete(oldest.tenant_id)
    }
    const { execution_id } = oldest
    if (execution_id && !this.#lines.get(execution_id)?.shift()) this.#lines.delete(execution_id)
  }
}

const charsOf = ({ data, secret }: Entry): number => data.length + (secret?.length ?? 0)

// What the runtime's routes do for a request, without HTTP: the same calls of the engine and the store, and the same refusals.

import { hash } from 'node:crypto'

import {
  type ExecutionId,
  ProblemError,
  type SessionId,
  type Status,
  type TenantId,
  canonicalJson,
  newSessionId,
} from '@biplane/protocol'
import { entryOf } from '@biplane/runtime/entry'
import type { Batch } from '@biplane/runtime/session-streams'
import type { ExecutionRow, SessionRow } from '@biplane/runtime/store-port'

import type { Life } from './life.ts'
import type { Asked } from './program.ts'

export interface SignalAsk {
  name: string
  signal_id: string
  approved?: boolean
}

export interface Submit {
  session_id: SessionId
  key: string
  asked: Asked
}

/** Begin an execution again, or go on from an answer of it. */
export interface AgainAsk {
  verb: 'retry' | 'fork'
  of: ExecutionId
  /** Null: there is none. */
  key: string | null
  /** Of a fork: the call whose answer is the last that is shared; null: the one before it failed. */
  through: number | null
}

/** The requests of one tenant to the process that lives. */
export class Front {
  readonly #life: Life
  readonly #tenant: TenantId

  constructor(life: Life, tenant: TenantId) {
    this.#life = life
    this.#tenant = tenant
  }

  async createSession(key: string): Promise<SessionId> {
    const { parts, engine } = this.#life
    const tenant_id = this.#tenant
    const session_id = newSessionId(parts.ids)
    const session: SessionRow = { session_id, tenant_id, status: 'open', created_ms: parts.clock.now() }
    const entry = entryOf('session.created', { tenant_id }, { execution: null, time_ms: session.created_ms })
    const body = { key, body_hash: hash('sha256', canonicalJson({ create: {} })) }
    const created = await parts.store.createSession({ lease: engine.leaseOf(session_id), session, key: body, entry })
    if (!('session' in created)) throw new ProblemError('idempotency_conflict')
    return created.session.session_id
  }

  async submit({ session_id, key, asked: payload }: Submit): Promise<ExecutionId> {
    const { engine } = this.#life
    engine.requireReady()
    const { intent_type } = payload
    const intent = { tenant_id: this.#tenant, session_id, intent_type, realm: 'sim', payload }
    const { execution_id } = await engine.accept({ ...intent, idempotency_key: key })
    return execution_id
  }

  async status(execution: ExecutionId): Promise<Status> {
    return (await this.#row(execution)).status
  }

  /** The end, or null if it does not come in time. */
  async waitForEnd(execution: ExecutionId, ms: number): Promise<Status | null> {
    return (await this.#life.engine.waitForEnd(this.#tenant, execution, ms))?.status ?? null
  }

  async cancel(execution: ExecutionId, mode: 'cooperative' | 'kill'): Promise<Status> {
    await this.#life.engine.operator.cancel(await this.#row(execution), { mode, by: 'operator' })
    return this.status(execution)
  }

  async pause(execution: ExecutionId): Promise<Status> {
    await this.#life.engine.operator.pause(await this.#row(execution), { by: 'operator' })
    return this.status(execution)
  }

  async resume(execution: ExecutionId): Promise<Status> {
    await this.#life.engine.operator.resume(await this.#row(execution), { by: 'operator' })
    return this.status(execution)
  }

  async settle(execution: ExecutionId, step?: number): Promise<void> {
    await this.#life.engine.operator.settle(await this.#row(execution), { by: 'operator' }, step)
  }

  async signal(execution: ExecutionId, { name, signal_id, approved }: SignalAsk): Promise<void> {
    const decided = approved === undefined ? {} : { approved }
    const request = { name, signal_id, payload: { signal_id }, by: 'user', ...decided }
    await this.#life.engine.operator.signal(await this.#row(execution), request)
  }

  async again({ verb, of, key, through }: AgainAsk): Promise<ExecutionId> {
    const { again } = this.#life.engine
    const request = { by: 'operator', ...(key !== null && { idempotency_key: key }) }
    const row = await this.#row(of)
    const begun = verb === 'retry' ? again.retry(row, request) : again.fork(row, request, through ?? undefined)
    return (await begun).execution_id
  }

  async closeSession(session_id: SessionId): Promise<void> {
    const { parts, engine } = this.#life
    const closing = entryOf('session.closing', { by: 'user' }, { execution: null, time_ms: parts.clock.now() })
    const command = { lease: engine.leaseOf(session_id), tenant_id: this.#tenant, session_id, closing }
    const { outcome } = await parts.store.closeSession(command)
    if (outcome === 'not_found') throw new ProblemError('session_not_found')
  }

  /** Events behind `after`; if there are none, it waits for some at most `ms`. */
  async follow(session: SessionId, after: number, ms: number): Promise<Batch> {
    const { streams, parts } = this.#life
    const batch = await streams.read(session, after)
    if (batch.events.length > 0 || batch.closed || ms === 0) return batch
    const left = new AbortController()
    const cancel = parts.clock.after(ms, () => left.abort())
    await streams.wait(session, after, left.signal)
    cancel()
    return streams.read(session, after)
  }

  async #row(execution: ExecutionId): Promise<ExecutionRow> {
    const row = await this.#life.parts.store.getExecution(this.#tenant, execution)
    if (!row) throw new ProblemError('execution_not_found')
    return row
  }
}

// The execution authority of this process: takes intents into the log, keeps their executions going, brings them back after a
// restart and when their time has come, and cancels them.

import { hash } from 'node:crypto'

import type { ArtifactId, ExecutionId, IntentId, SessionId, Status, TenantId } from '@biplane/protocol'
import { ProblemError, canonicalJson, fieldErrors, isFinal, newExecutionId, newIntentId } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'

import type { Entry, ExecutionRow, Lease, NewEntry, RequestKey, Timer } from '../store/port.ts'
import { shardOf } from '../store/shard.ts'
import type { Catalogue, Registered } from './catalogue.ts'
import { artifactsIn, entryOf } from './entry.ts'
import { LiveExecution } from './execution.ts'
import { type CancelRequest, type End, type History, endOf, freshHistory, readHistory } from './history.ts'
import { Journal } from './journal.ts'
import { LIVE_EXECUTIONS_MAX, LOAD_ENTRIES, RECOVER_AT_ONCE } from './limits.ts'
import type { EngineParts } from './ports.ts'
import { asProblem } from './store-problem.ts'
import { Timers } from './timers.ts'

export interface IntentRequest {
  tenant_id: TenantId
  session_id: SessionId
  intent_type: string
  realm: string
  payload: unknown
  /** Minted by the client; then it is a key too. */
  intent_id?: IntentId
  idempotency_key?: string
  by?: string
  traceparent?: string
}

export interface Accepted {
  intent_id: IntentId
  execution_id: ExecutionId
  session_id: SessionId
}

export class Engine {
  readonly catalogue: Catalogue
  readonly #parts: EngineParts
  readonly #timers: Timers
  readonly #live = new Map<ExecutionId, LiveExecution>()
  readonly #loading = new Map<ExecutionId, Promise<LiveExecution | null>>()
  readonly #waiters = new Map<ExecutionId, Set<(end: End | null) => void>>()
  #leases: Lease[] = []
  #closed = false

  constructor(parts: EngineParts, catalogue: Catalogue) {
    this.#parts = parts
    this.catalogue = catalogue
    this.#timers = new Timers(parts, (timer) => this.#wake(timer))
  }

  /** Takes ownership. Resolves when every unfinished execution is under way again, or has been found to wait. */
  async start(): Promise<void> {
    for (const lease of await this.#parts.store.claimShards(this.#parts.owner)) this.#leases[lease.shard] = lease
    await this.#recover()
    this.#timers.start()
  }

  /** Lets go of every execution where it is; a later start goes on from there. */
  async close(): Promise<void> {
    this.#closed = true
    this.#timers.stop()
    await Promise.all([...this.#live.values()].map((live) => live.stop()))
    this.#live.clear()
  }

  leaseOf(session: SessionId): Lease {
    const lease = this.#leases[shardOf(session)]
    if (!lease || this.#closed) throw new ProblemError('shutting_down')
    return lease
  }

  /** @throws ProblemError shutting_down if it does not take intents */
  requireReady(): void {
    if (this.#closed || this.#leases.length === 0) throw new ProblemError('shutting_down')
  }

  get liveExecutions(): number {
    return this.#live.size
  }

  /**
   * Resolves when the intent is in the log and durable; its execution begins at once.
   * @throws ProblemError; before anything is recorded unless its code is outcome_unknown
   */
  async accept(request: IntentRequest): Promise<Accepted> {
    const registered = this.#registered(request)
    const payload = validPayload(registered.definition, request.payload)
    if (this.#live.size >= LIVE_EXECUTIONS_MAX) throw new ProblemError('overloaded')
    const row = this.#newRow(request, registered.realm.version)
    const entries = acceptanceOf(request, row)
    const artifacts = artifactsIn(entries)
    await this.#requireArtifacts(request.tenant_id, artifacts)
    const lease = this.leaseOf(row.session_id)
    const keys = keysOf(request, row)
    const command = { lease, execution: row, keys, entries, artifacts }
    const accepted = await this.#parts.store.acceptIntent(command).catch(asProblem)
    if (accepted.outcome === 'existing') return accepted.execution
    if (accepted.outcome === 'key_conflict') throw new ProblemError('idempotency_conflict')
    if (accepted.outcome !== 'accepted') throw new ProblemError(accepted.outcome)
    const seq = accepted.last_seq - entries.length + 1
    this.#begin(row, registered.definition, freshHistory(payload, seq, row.created_ms, entries.length), false)
    return row
  }

  /** Waits for the end of an execution, at most `ms`; null if it has not come by then. */
  async waitForEnd(tenant: TenantId, execution: ExecutionId, ms: number): Promise<End | null> {
    // The ear first, then the look: an end in between is heard.
    const heard = this.#hearEnd(execution, ms)
    if (!this.#live.has(execution)) {
      const row = await this.#parts.store.getExecution(tenant, execution)
      if (!row || isFinal(row.status)) {
        heard.cancel()
        return row && endOf(row, await this.#entriesOf(execution))
      }
    }
    return heard.end
  }

  /**
   * Resolves when the cancel is recorded; what has ended, is being undone or is parked is left as it is. The first of a cancel
   * and an end wins: read the execution's status for which.
   */
  async cancel(row: ExecutionRow, request: CancelRequest): Promise<void> {
    if (isFinal(row.status) || row.status === 'compensating' || row.status === 'parked') return
    const live = this.#live.get(row.execution_id) ?? (await this.#loading.get(row.execution_id))
    if (live) return live.cancel(request)
    await this.#loadOnce(row.execution_id, async () => {
      const history = readHistory(await this.#entriesOf(row.execution_id))
      const journal = this.#journalOf(row, history)
      const clearTimers = [...history.sleeping]
      await journal.commit([journal.entry('execution.cancelling', request)], { status: 'running', clearTimers })
      return this.#load(row, false)
    })
  }

  #registered(request: IntentRequest): Registered<IntentDefinition> {
    const registered = this.catalogue.intent(request.intent_type)
    if (!registered) throw new ProblemError('intent_type_unknown', `There is no intent type ${request.intent_type}.`)
    if (registered.realm.name !== request.realm) {
      throw new ProblemError('realm_mismatch', `${request.intent_type} belongs to the realm ${registered.realm.name}.`)
    }
    return registered
  }

  #newRow(request: IntentRequest, realm_version: string): ExecutionRow {
    return {
      tenant_id: request.tenant_id,
      execution_id: newExecutionId(this.#parts.ids),
      intent_id: request.intent_id ?? newIntentId(this.#parts.ids),
      session_id: request.session_id,
      intent_type: request.intent_type,
      realm: request.realm,
      realm_version,
      status: 'running',
      compensated: false,
      created_ms: this.#parts.clock.now(),
      ended_ms: null,
    }
  }

  async #requireArtifacts(tenant: TenantId, artifacts: readonly ArtifactId[]): Promise<void> {
    for (const artifact of artifacts) {
      if (!(await this.#parts.artifacts.has(tenant, artifact))) {
        throw new ProblemError('artifact_not_found', `There is no artifact ${artifact}.`)
      }
    }
  }

  #begin(row: ExecutionRow, definition: IntentDefinition, history: History, recovering: boolean): LiveExecution {
    const host = {
      left: (left: LiveExecution) => this.#left(left),
      timerSet: (due_ms: number) => this.#timers.set(due_ms),
    }
    const live = new LiveExecution(this.#parts, host, row, this.leaseOf(row.session_id), definition, history)
    this.#live.set(row.execution_id, live)
    live.start(recovering)
    return live
  }

  #left(live: LiveExecution): void {
    this.#live.delete(live.executionId)
    if (!live.end) return
    for (const tell of this.#waiters.get(live.executionId) ?? []) tell(live.end)
    this.#waiters.delete(live.executionId)
  }

  #hearEnd(execution: ExecutionId, ms: number): { end: Promise<End | null>; cancel: () => void } {
    const { promise, resolve } = Promise.withResolvers<End | null>()
    const waiters = this.#waiters.get(execution) ?? new Set()
    this.#waiters.set(execution, waiters.add(resolve))
    const cancelTimer = this.#parts.clock.after(ms, () => resolve(null))
    const cancel = () => {
      cancelTimer()
      waiters.delete(resolve)
      if (waiters.size === 0 && this.#waiters.get(execution) === waiters) this.#waiters.delete(execution)
    }
    return { end: promise.finally(cancel), cancel }
  }

  async #recover(): Promise<void> {
    let after: string | null = null
    let recovered = 0
    do {
      const page = await this.#parts.store.listUnfinished(after, RECOVER_AT_ONCE)
      const atWork = page.items.filter(({ status }) => AT_WORK.includes(status))
      await Promise.all(atWork.map((row) => this.#load(row, true)))
      recovered += atWork.length
      after = page.next
    } while (after !== null)
    if (recovered > 0) this.#parts.log.info({ executions: recovered }, 'executions of the process before go on')
  }

  async #wake({ tenant_id, execution_id, ordinal }: DueTimer): Promise<void> {
    const live = this.#live.get(execution_id) ?? (await this.#wakeFromStore(tenant_id, execution_id))
    await live?.wake(ordinal)
  }

  async #wakeFromStore(tenant: TenantId, execution: ExecutionId): Promise<LiveExecution | null> {
    const row = await this.#parts.store.getExecution(tenant, execution)
    return row && this.#loadOnce(execution, () => this.#load(row, false))
  }

  /** Two reasons to load an execution at the same moment are one load. */
  #loadOnce(execution: ExecutionId, load: () => Promise<LiveExecution | null>): Promise<LiveExecution | null> {
    const known = this.#loading.get(execution)
    if (known) return known
    const loading = load().finally(() => this.#loading.delete(execution))
    this.#loading.set(execution, loading)
    return loading
  }

  /** Null if it cannot go on with the realms of this runtime: then it is paused, or parked if it was being undone. */
  async #load(row: ExecutionRow, recovering: boolean): Promise<LiveExecution | null> {
    const history = readHistory(await this.#entriesOf(row.execution_id))
    const definition = this.catalogue.intent(row.intent_type)?.definition
    const payload = definition?.payload.safeParse(history.payload)
    if (definition && payload?.success) {
      return this.#begin(row, definition, { ...history, payload: payload.data }, recovering)
    }
    const error = definition
      ? {
          code: 'payload.no_longer_valid',
          message: `The schema of ${row.intent_type} refuses the payload it took before.`,
        }
      : { code: 'realm.missing', message: `No realm of this runtime has ${row.intent_type}.` }
    const journal = this.#journalOf(row, history)
    const clearTimers = [...history.sleeping]
    if (row.status === 'compensating') {
      await journal.commit([journal.entry('execution.parked', { error })], { status: 'parked', clearTimers })
    } else await journal.commit([journal.entry('execution.paused', { error })], { status: 'paused', clearTimers })
    this.#parts.log.warn({ execution_id: row.execution_id, code: error.code }, error.message)
    return null
  }

  #journalOf(row: ExecutionRow, history: History): Journal {
    return new Journal(this.#parts, row, this.leaseOf(row.session_id), history.entries, (error) => {
      if (error) this.#parts.log.error({ execution_id: row.execution_id, error: String(error) }, 'a flush failed')
    })
  }

  async #entriesOf(execution: ExecutionId): Promise<Entry[]> {
    const all: Entry[] = []
    for (;;) {
      const some = await this.#parts.store.readExecution(execution, all.at(-1)?.seq ?? 0, LOAD_ENTRIES)
      all.push(...some)
      if (some.length < LOAD_ENTRIES) return all
    }
  }
}

const AT_WORK: readonly Status[] = ['accepted', 'running', 'compensating']

type DueTimer = Timer & { tenant_id: TenantId }

/** @throws ProblemError payload_invalid */
function validPayload(definition: IntentDefinition, payload: unknown): unknown {
  const parsed = definition.payload.safeParse(payload)
  if (parsed.success) return parsed.data
  const errors = fieldErrors(parsed.error)
  const first = errors[0]
  const detail = first ? `${first.path || 'payload'}: ${first.message}` : undefined
  throw new ProblemError('payload_invalid', detail, { errors })
}

/** The intent's own id is always a key; one hash of the body serves every key. */
function keysOf(request: IntentRequest, row: ExecutionRow): RequestKey[] {
  const { intent_type, realm, session_id, payload } = request
  const body_hash = hash('sha256', canonicalJson({ intent_type, realm, session_id, payload }))
  const names = new Set([request.idempotency_key ?? row.intent_id, row.intent_id])
  return [...names].map((key) => ({ key, body_hash }))
}

/** What is appended when an intent is accepted: there is room to begin it at once. */
function acceptanceOf(request: IntentRequest, row: ExecutionRow): NewEntry[] {
  const { by, traceparent } = request
  const about = { execution: row.execution_id, time_ms: row.created_ms }
  const data = {
    intent_id: row.intent_id,
    intent_type: row.intent_type,
    realm_version: row.realm_version,
    ...(by === undefined ? {} : { by }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
  const secret = `{"payload":${JSON.stringify(request.payload)}}`
  return [entryOf('intent.accepted', data, { ...about, secret }), entryOf('execution.started', {}, about)]
}

// The execution authority of this process: takes intents into the log, keeps their executions going, brings them back after a
// restart and when their time has come, and cancels them.

import type { ArtifactId, ExecutionId, IntentId, SessionId, Status, TenantId } from '@biplane/protocol'
import { ProblemError, isFinal, parsedOr } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'

import type { Entry, ExecutionRow, Lease, Timer } from '../store/port.ts'
import { shardOf } from '../store/shard.ts'
import type { Catalogue, Registered } from './catalogue.ts'
import { type IntentRequest, acceptanceOf, keysOf, newExecution } from './acceptance.ts'
import { Ends } from './ends.ts'
import { artifactsIn } from './entry.ts'
import { LiveExecution } from './execution.ts'
import { type CancelRequest, type End, type History, endOf, freshHistory, readHistory } from './history.ts'
import { Journal } from './journal.ts'
import { LIVE_EXECUTIONS_MAX, LOAD_ENTRIES, RECOVER_AT_ONCE } from './limits.ts'
import type { EngineParts } from './ports.ts'
import { asProblem } from './store-problem.ts'
import { Timers } from './timers.ts'

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
  readonly #ends: Ends
  #leases: Lease[] = []
  #closed = false

  constructor(parts: EngineParts, catalogue: Catalogue) {
    this.#parts = parts
    this.catalogue = catalogue
    this.#ends = new Ends(parts.clock)
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

  /**
   * Resolves when the intent is in the log and durable; its execution begins at once.
   * @throws ProblemError; before anything is recorded unless its code is outcome_unknown
   */
  async accept(request: IntentRequest): Promise<Accepted> {
    const registered = this.#registered(request)
    const payload = parsedOr(registered.definition.payload, request.payload, 'payload_invalid', 'payload')
    if (this.#live.size >= LIVE_EXECUTIONS_MAX) throw new ProblemError('overloaded')
    const row = newExecution(request, registered.realm.version, this.#parts)
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
    const heard = this.#ends.hear(execution, ms)
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
    if (live.end) this.#ends.tell(live.executionId, live.end)
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

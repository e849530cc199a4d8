// The execution authority of this process: takes intents into the log, keeps their executions going, and brings them back after a
// restart and when their time has come.

import { type ArtifactId, type ExecutionId, ProblemError, type SessionId, type Status } from '@biplane/protocol'
import { type TenantId, isFinal, parsedOr } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'
import { toMs } from '@biplane/realm/duration'
import { REPLAY } from '@biplane/realm/replay'

import type { AcceptIntent, Claimed, ExecutionRow, Lease, NewEntry, Timer } from '../store/port.ts'
import { shardOf } from '../store/shard.ts'
import {
  type Accepted,
  type IntentRequest,
  type Turn,
  acceptanceOf,
  keysOf,
  newExecution,
  turnOf,
} from './acceptance.ts'
import { Again } from './again.ts'
import { stepKey } from './attempt.ts'
import type { Catalogue, Registered } from './catalogue.ts'
import { Ends } from './ends.ts'
import { artifactsNamedIn } from './entry.ts'
import { type Child, type ChildRequest, type ExecutionHost, TIMEOUT_SLOT } from './execution-host.ts'
import { PARENT_ENDED } from './finish.ts'
import { type CancelRequest, type End, type Returned, callId, endOf, freshHistory } from './history.ts'
import {
  CALL_DEPTH_MAX,
  CHILD_GRACE_MS,
  LIVE_EXECUTIONS_MAX,
  QUEUED_EXECUTIONS_MAX,
  RECOVER_AT_ONCE,
} from './limits.ts'
import type { Slot } from './lanes.ts'
import { Operator } from './operator.ts'
import type { EngineParts } from './ports.ts'
import { Residents } from './residents.ts'
import { asProblem } from './store-problem.ts'
import { Timers } from './timers.ts'

/** An accepted execution, and the first entry of the commit that accepted it. */
interface Taken {
  row: ExecutionRow
  first: NewEntry
  first_seq: number
}

export class Engine {
  readonly catalogue: Catalogue
  readonly #parts: EngineParts
  readonly #timers: Timers
  readonly #residents: Residents
  readonly #ends: Ends
  /** What a person does to an execution. */
  readonly operator: Operator
  /** What has ended, begun again. */
  readonly again: Again
  #leases: Claimed[] = []
  #closed = false

  constructor(parts: EngineParts, catalogue: Catalogue) {
    this.#parts = parts
    this.catalogue = catalogue
    this.#ends = new Ends(parts.clock)
    this.#timers = new Timers(parts, (timer) => this.#wake(timer))
    const host: ExecutionHost = {
      left: (row, end) => end && this.#ended(row, end),
      timerSet: (due_ms) => this.#timers.set(due_ms),
      acceptChild: (request) => this.#acceptChild(request),
      endOf: ({ tenant_id }, child) => this.#endOf(tenant_id, child),
      endChildren: (...children) => this.#endChildren(...children),
    }
    this.#residents = new Residents(parts, catalogue, (row) => this.leaseOf(row.session_id), host)
    this.operator = new Operator(parts, this.#residents, (row, end) => this.#ended(row, end))
    this.again = new Again(parts.store, this.#residents, (request) => this.accept(request))
  }

  /** Takes ownership. Resolves when every unfinished execution is under way again, or has been found to wait. */
  async start(): Promise<void> {
    for (const claimed of await this.#parts.store.claimShards(this.#parts.owner)) this.#leases[claimed.shard] = claimed
    await this.#recover()
    this.#timers.start()
  }

  /** Lets go of every execution where it is; a later start goes on from there. */
  async close(): Promise<void> {
    this.#closed = true
    this.#timers.stop()
    this.#ends.close()
    await this.#residents.stop()
    await this.#parts.store.releaseShards(this.#leases).catch((error: unknown) => {
      // Then the next start takes it for a crash, which is safe.
      this.#parts.log.warn({ error: String(error) }, 'the shards could not be released')
    })
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
    if (this.#residents.size >= LIVE_EXECUTIONS_MAX) throw new ProblemError('overloaded')
    const { row } = await this.#accept(request, null)
    return row
  }

  /** Why an execution has not begun; null if it has. */
  whyQueued(execution: ExecutionId): string | null {
    return this.#residents.lanes.whyQueued(execution)
  }

  /** Waits for the end of an execution, at most `ms`; null if it has not come by then. */
  async waitForEnd(tenant: TenantId, execution: ExecutionId, ms: number): Promise<End | null> {
    // The ear first, then the look: an end in between is heard.
    const heard = this.#ends.hear(execution, ms)
    if (!this.#residents.get(execution)) {
      const row = await this.#parts.store.getExecution(tenant, execution)
      if (!row || isFinal(row.status)) {
        heard.cancel()
        return row && endOf(row, await this.#residents.entriesOf(execution))
      }
    }
    return heard.end
  }

  /** Whatever the load is: a child is part of work that has begun. */
  async #acceptChild({ parent, depth, ask, slot, called }: ChildRequest): Promise<Child> {
    if (depth > CALL_DEPTH_MAX) {
      const message = `Executions call each other more than ${CALL_DEPTH_MAX} deep.`
      return { refused: { code: 'call.too_deep', message } }
    }
    const { tenant_id, session_id, execution_id } = parent
    const { intentType: intent_type, detached } = ask
    const [realm = ''] = intent_type.split('.')
    const request = {
      tenant_id,
      session_id,
      intent_type,
      realm,
      payload: JSON.parse(ask.payload) as unknown,
      // With a space, which no key from outside has.
      idempotency_key: `call ${stepKey(execution_id, callId(ask))}`,
      parent: { execution_id, ordinal: slot, detached, depth },
    }
    try {
      const { row, first, first_seq: seq } = await this.#accept(request, called)
      return { execution_id: row.execution_id, entry: first, seq }
    } catch (error) {
      if (!(error instanceof ProblemError && REFUSALS.includes(error.code))) throw error
      return { refused: { code: error.code, message: error.message } }
    }
  }

  /** Cancels children, and resolves when they have ended or have had their time. */
  async #endChildren(parent: ExecutionRow, children: readonly ExecutionId[], request: CancelRequest): Promise<void> {
    const end = async (child: ExecutionId) => {
      const row = await this.#parts.store.getExecution(parent.tenant_id, child)
      if (!row || isFinal(row.status)) return
      await this.operator.cancel(row, request)
      await this.waitForEnd(parent.tenant_id, child, CHILD_GRACE_MS)
    }
    await Promise.all(children.map(end))
  }

  async #accept(request: IntentRequest, called: ChildRequest['called'] | null): Promise<Taken> {
    const { definition, realm } = this.#registered(request)
    const payload = parsedOr(definition.payload, request.payload, 'payload_invalid', 'payload')
    const turn = turnOf(definition, request, payload)
    const artifacts = artifactsNamedIn(JSON.stringify(request.payload))
    await this.#requireArtifacts(request.tenant_id, artifacts)
    const lease = this.leaseOf(request.session_id)
    // From here to the store nothing waits, so that lanes see the order of the log.
    const slot = this.#enter(definition, request, turn)
    const row = newExecution(request, realm.version, turn.queued, this.#parts)
    const entries = [...(called ? [called(row.execution_id)] : []), ...acceptanceOf(request, row, turn)]
    const set_timers = timeoutOf(definition, row)
    const command = { lease, execution: row, keys: keysOf(request, row), entries, artifacts, set_timers }
    const accepted = await this.#taken(command).catch((error: unknown) => {
      this.#leave(definition, turn, slot)
      throw error
    })
    const [first] = entries as [NewEntry]
    if (accepted.existing) {
      this.#leave(definition, turn, slot)
      return { row: accepted.existing, first, first_seq: 0 }
    }
    const first_seq = accepted.last_seq - entries.length + 1
    const { lane, priority } = turn
    if (turn.queued) this.#residents.lanes.queue(lane as string, definition.limit ?? {}, { row, priority })
    else if (request.fork_of) await this.#residents.load(row, null, slot)
    else {
      const depth = request.parent?.depth ?? 0
      const seq = first_seq + (called ? 1 : 0)
      const { created_ms: time_ms } = row
      const beginning = { payload, seq, time_ms, replay: REPLAY, entries: entries.length, depth, lane, priority }
      this.#residents.begin(row, definition, freshHistory(beginning), slot)
    }
    for (const { due_ms } of set_timers) this.#timers.set(due_ms)
    return { row, first, first_seq }
  }

  /** The slot that it begins with; `turn.queued` if it must wait for one. */
  #enter({ limit }: IntentDefinition, request: IntentRequest, turn: Turn): Slot | null {
    const { lanes } = this.#residents
    if (turn.lane === null || !limit) return null
    if (lanes.queued >= QUEUED_EXECUTIONS_MAX && !request.parent) throw new ProblemError('overloaded')
    const slot = lanes.enter(turn.lane, limit)
    turn.queued = slot === null
    return slot
  }

  #leave({ limit }: IntentDefinition, { lane, queued }: Turn, slot: Slot | null): void {
    slot?.release()
    if (queued && lane !== null && limit) this.#residents.lanes.abandon(lane, limit)
  }

  async #taken(command: AcceptIntent): Promise<{ existing: ExecutionRow | null; last_seq: number }> {
    const accepted = await this.#parts.store.acceptIntent(command).catch(asProblem)
    if (accepted.outcome === 'existing') return { existing: accepted.execution, last_seq: 0 }
    if (accepted.outcome === 'key_conflict') throw new ProblemError('idempotency_conflict')
    if (accepted.outcome !== 'accepted') throw new ProblemError(accepted.outcome)
    return { existing: null, last_seq: accepted.last_seq }
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

  #ended({ execution_id, parent_ordinal }: ExecutionRow, end: End): void {
    this.#ends.tell(execution_id, end)
    // Its last commit has set the timer of the parent that waits for it.
    if (parent_ordinal !== null) this.#timers.set(this.#parts.clock.now())
  }

  async #endOf(tenant: TenantId, execution: ExecutionId): Promise<Returned | null> {
    const row = await this.#parts.store.getExecution(tenant, execution)
    if (!row || !isFinal(row.status)) return null
    const { status, error, result } = endOf(row, await this.#residents.entriesOf(execution))
    return { status, error, result: result === null ? undefined : (JSON.parse(result) as unknown) }
  }

  async #recover(): Promise<void> {
    let after: string | null = null
    let recovered = 0
    const children: ExecutionRow[] = []
    const turns: ExecutionRow[] = []
    do {
      const page = await this.#parts.store.listUnfinished(after, RECOVER_AT_ONCE)
      const again = await Promise.all(page.items.map((row) => this.#recoverOne(row)))
      recovered += again.filter(Boolean).length
      turns.push(...page.items.filter(({ status }) => !AT_WORK.includes(status)))
      children.push(...page.items.filter(({ parent_ordinal }) => parent_ordinal !== null))
      after = page.next
    } while (after !== null)
    // Started work before new: those that wait for their turn come when all others have theirs.
    for (const row of turns.filter(({ status }) => status !== 'accepted')) await this.#residents.restoreTurn(row)
    for (const row of turns.filter(({ status }) => status === 'accepted')) await this.#residents.restoreTurn(row)
    await Promise.all(children.map((row) => this.#cancelOrphan(row)))
    if (recovered > 0) this.#parts.log.info({ executions: recovered }, 'executions of the process before go on')
  }

  /** The process may have died between the end of an execution and the cancel of a child that it no longer waited for. */
  async #cancelOrphan(row: ExecutionRow): Promise<void> {
    const parent = row.parent_id && (await this.#parts.store.getExecution(row.tenant_id, row.parent_id))
    if (!parent || !isFinal(parent.status)) return
    await this.operator.cancel(row, { mode: 'cooperative', reason: PARENT_ENDED })
  }

  /** True if it goes on. */
  async #recoverOne(row: ExecutionRow): Promise<boolean> {
    if (row.status === 'paused') return this.operator.reconsider(row)
    if (!AT_WORK.includes(row.status)) return false
    const { released } = this.#leases[shardOf(row.session_id)] as Claimed
    await this.#residents.load(row, released ? 'released' : 'cut_off')
    return true
  }

  async #wake({ tenant_id, execution_id, ordinal }: DueTimer): Promise<void> {
    await this.#residents.with(
      execution_id,
      (live) => live.wake(ordinal),
      async () => {
        const row = await this.#parts.store.getExecution(tenant_id, execution_id)
        if (!row || isFinal(row.status)) return
        if (row.status === 'accepted' && ordinal === TIMEOUT_SLOT) return this.operator.expire(row)
        const live = WAKEABLE.includes(row.status) ? await this.#residents.load(row) : null
        if (live) return live.wake(ordinal)
        // It is not looked at before somebody lets it go on, and that sets its timers again.
        const history = await this.#residents.historyOf(row)
        const now = await this.#parts.store.getExecution(tenant_id, execution_id)
        if (now) await this.#residents.journalOf(now, history).commit([], { clearTimers: [ordinal] })
      },
    )
  }
}

const timeoutOf = ({ timeout }: IntentDefinition, { execution_id, created_ms }: ExecutionRow): Timer[] =>
  timeout === undefined ? [] : [{ execution_id, ordinal: TIMEOUT_SLOT, due_ms: created_ms + toMs(timeout) }]

const AT_WORK: readonly Status[] = ['running', 'compensating']
const WAKEABLE: readonly Status[] = ['running', 'waiting', 'compensating']
/** Why a child is not accepted, and never will be. */
const REFUSALS: readonly string[] = ['intent_type_unknown', 'realm_mismatch', 'payload_invalid', 'artifact_not_found']

type DueTimer = Timer & { tenant_id: TenantId }

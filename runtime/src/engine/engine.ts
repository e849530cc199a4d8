// The execution authority of this process: takes intents into the log, keeps their executions going, and brings them back after a
// restart and when their time has come.

import { type ExecutionId, ProblemError, type SessionId, type Status, type TenantId, isFinal } from '@biplane/protocol'

import type { Claimed, ExecutionRow, Lease, Timer } from '../store/port.ts'
import { shardOf } from '../store/shard.ts'
import type { Accepted, IntentRequest } from './acceptance.ts'
import { Again } from './again.ts'
import type { Catalogue } from './catalogue.ts'
import { Ends } from './ends.ts'
import type { ExecutionHost } from './execution-host.ts'
import { FlowControl } from './flow-control.ts'
import type { CancelRequest } from './history.ts'
import { Intake } from './intake.ts'
import { CHILD_GRACE_MS } from './limits.ts'
import { Operator } from './operator.ts'
import { TIMEOUT_TIMER } from './own-timers.ts'
import type { EngineParts } from './ports.ts'
import { Recovery } from './recovery.ts'
import { Residents } from './residents.ts'
import { type End, type Returned, endOf, returnedOf } from './returned.ts'
import { TenantAdmission } from './tenant-admission.ts'
import { Timers } from './timers.ts'
import { Unbegun } from './unbegun.ts'

export class Engine {
  readonly catalogue: Catalogue
  readonly #parts: EngineParts
  readonly #timers: Timers
  readonly #flow: FlowControl
  readonly #residents: Residents
  readonly #intake: Intake
  readonly #unbegun: Unbegun
  readonly #ends: Ends
  readonly #admission: TenantAdmission
  /** Accepted while the executions of the process before are read: they are not of that process. */
  #newborn: Set<ExecutionId> | null = new Set()
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
    this.#admission = new TenantAdmission(parts)
    this.#timers = new Timers(parts, (timer) => this.#wake(timer))
    const leaseOf = (session: SessionId) => this.leaseOf(session)
    const timerSet = (due_ms: number) => this.#timers.set(due_ms)
    const ended = (row: ExecutionRow, end: End) => this.#ended(row, end)
    const host: ExecutionHost = {
      left: (row, end) => end && ended(row, end),
      timerSet,
      acceptChild: (request) => this.#intake.acceptChild(request),
      endOf: ({ tenant_id }, child) => this.#endOf(tenant_id, child),
      endChildren: (...children) => this.#endChildren(...children),
      cancelChildren: (...children) => this.#cancelChildren(...children),
    }
    const flow = new FlowControl(parts.clock, (type) => catalogue.planOf(type), {
      start: (row, slot) => this.#residents.start(row, slot),
      supersede: (row, by) => this.#supersede(row, by),
    })
    const residents = new Residents(parts, catalogue, flow, (row) => leaseOf(row.session_id), host)
    this.#flow = flow
    this.#residents = residents
    this.#unbegun = new Unbegun(residents, ended)
    const onTaking = ({ execution_id }: ExecutionRow) => void this.#newborn?.add(execution_id)
    const admission = this.#admission
    this.#intake = new Intake({ parts, catalogue, residents, flow, admission, leaseOf, onTaking, timerSet })
    this.operator = new Operator(parts, residents, this.#unbegun, { ...host, ended })
    this.again = new Again(parts.store, residents, (request) => this.accept(request))
  }

  /** Takes ownership. Resolves when every unfinished execution is under way again, or has been found to wait. */
  async start(): Promise<void> {
    const { store, owner, log } = this.#parts
    for (const claimed of await store.claimShards(owner)) this.#leases[claimed.shard] = claimed
    const recovered = await this.#recovery().run()
    this.#newborn = null
    this.#flow.open()
    this.#timers.start()
    if (recovered > 0) log.info({ executions: recovered }, 'executions of the process before go on')
  }

  /** Lets go of every execution where it is; a later start goes on from there. */
  async close(): Promise<void> {
    this.#closed = true
    this.#timers.stop()
    this.#flow.close()
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
   * Resolves when the intent is in the log and durable; its execution begins at once, or as soon as its limit lets it.
   * @throws ProblemError; before anything is recorded unless its code is outcome_unknown
   */
  accept(request: IntentRequest): Promise<Accepted> {
    return this.#intake.accept(request)
  }

  /** Why an execution has not begun; null if it is not known to wait. */
  whyQueued(row: ExecutionRow): string | null {
    return this.#flow.whyQueued(row)
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

  #recovery(): Recovery {
    return new Recovery({
      parts: this.#parts,
      catalogue: this.catalogue,
      residents: this.#residents,
      operator: this.operator,
      flow: this.#flow,
      admission: this.#admission,
      isOwn: (execution) => this.#newborn?.has(execution) ?? false,
      howOf: ({ session_id }) => (this.#leases[shardOf(session_id)]?.released ? 'released' : 'cut_off'),
    })
  }

  /** Cancels children, and resolves when they have ended or have had their time. */
  async #endChildren(parent: ExecutionRow, children: readonly ExecutionId[], request: CancelRequest): Promise<void> {
    const end = async (child: ExecutionId) => {
      const row = await this.#parts.store.getExecution(parent.tenant_id, child)
      // The next start finds those that nobody waits for.
      if (!row || isFinal(row.status) || this.#closed) return
      await this.operator.cancel(row, request)
      await this.waitForEnd(parent.tenant_id, child, CHILD_GRACE_MS)
    }
    await Promise.all(children.map(end))
  }

  #cancelChildren(parent: ExecutionRow, children: readonly ExecutionId[], request: CancelRequest): void {
    if (children.length === 0) return
    const { execution_id } = parent
    this.#endChildren(parent, children, request).catch((error: unknown) => {
      // The next start looks for them.
      if (this.#closed) return
      this.#parts.log.error({ execution_id, error: String(error) }, 'its children could not be cancelled')
    })
  }

  #ended({ tenant_id, execution_id, parent_ordinal }: ExecutionRow, end: End): void {
    this.#admission.ended(tenant_id)
    this.#ends.tell(execution_id, end)
    // Its last commit has set the timer of the parent that waits for it.
    if (parent_ordinal !== null) this.#timers.set(this.#parts.clock.now())
  }

  async #endOf(tenant: TenantId, execution: ExecutionId): Promise<Returned | null> {
    const row = await this.#parts.store.getExecution(tenant, execution)
    if (!row || !isFinal(row.status)) return null
    return returnedOf(endOf(row, await this.#residents.entriesOf(execution)))
  }

  /** One that has been told to begin meanwhile, or is paused, is left as it is. */
  #supersede({ tenant_id, execution_id }: ExecutionRow, by: ExecutionRow): void {
    const supersede = async () => {
      const row = await this.#parts.store.getExecution(tenant_id, execution_id)
      if (row?.status === 'accepted') await this.#unbegun.supersede(row, by)
    }
    this.#residents
      .with(execution_id, () => {}, supersede)
      .catch((error: unknown) => {
        // The next start finds both, and the order in which they came.
        if (!this.#closed) this.#parts.log.error({ execution_id, error: String(error) }, 'it could not be superseded')
      })
  }

  async #wake({ tenant_id, execution_id, ordinal }: DueTimer): Promise<void> {
    await this.#residents.with(
      execution_id,
      (live) => live.wake(ordinal),
      async () => {
        const row = await this.#parts.store.getExecution(tenant_id, execution_id)
        if (!row || isFinal(row.status)) return
        if (row.status === 'accepted' && ordinal === TIMEOUT_TIMER) return this.#unbegun.expire(row)
        const live = WAKEABLE.includes(row.status) ? await this.#residents.load(row) : null
        if (live) return live.wake(ordinal)
        // It is not looked at before somebody lets it go on, and that sets its timers again.
        const now = await this.#parts.store.getExecution(tenant_id, execution_id)
        if (now) await this.#residents.journalOf(now).commit([], { clearTimers: [ordinal] })
      },
    )
  }
}

const WAKEABLE: readonly Status[] = ['running', 'waiting', 'compensating']

type DueTimer = Timer & { tenant_id: TenantId }

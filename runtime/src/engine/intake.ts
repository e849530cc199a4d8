// Takes intents into the log: those that surfaces submit, and those that executions call. Each becomes one execution, which begins in the
// commit that accepts it unless it must wait.

import { type ArtifactId, ProblemError, type SessionId, type TenantId, parsedOr } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'
import { REPLAY } from '@biplane/realm/replay'

import type { AcceptIntent, AcceptedIntent, ExecutionRow, Lease, NewEntry } from '../store/port.ts'
import { type Accepted, type IntentRequest, acceptanceOf, keysOf, newExecution } from './acceptance.ts'
import { stepKey } from './attempt.ts'
import type { Catalogue, Registered } from './catalogue.ts'
import { artifactsNamedIn } from './entry.ts'
import type { Child, ChildRequest } from './execution-host.ts'
import type { Arrival, FlowControl } from './flow-control.ts'
import { callId, freshHistory } from './history.ts'
import { CALL_DEPTH_MAX } from './limits.ts'
import { timeoutOf } from './own-timers.ts'
import { placeOf } from './place.ts'
import type { EngineParts } from './ports.ts'
import type { Residents } from './residents.ts'
import { asProblem } from './store-problem.ts'
import type { TenantAdmission } from './tenant-admission.ts'

/** An accepted execution, and the first entry of the commit that accepted it. */
interface Taken {
  row: ExecutionRow
  first: NewEntry
  first_seq: number
}

/** What is taken, ready to be sent to the store. */
interface Taking {
  request: IntentRequest
  definition: IntentDefinition
  payload: unknown
  arrival: Arrival
  command: AcceptIntent
}

interface IntakeParts {
  parts: EngineParts
  catalogue: Catalogue
  residents: Residents
  flow: FlowControl
  admission: TenantAdmission
  /** @throws ProblemError shutting_down */
  leaseOf: (session: SessionId) => Lease
  /** Is told of each execution before it can be in the store. */
  onTaking: (row: ExecutionRow) => void
  timerSet: (due_ms: number) => void
}

export class Intake {
  readonly #of: IntakeParts

  constructor(of: IntakeParts) {
    this.#of = of
  }

  /**
   * Resolves when the intent is in the log and durable.
   * @throws ProblemError; before anything is recorded unless its code is outcome_unknown
   */
  async accept(request: IntentRequest): Promise<Accepted> {
    const { admission, residents } = this.#of
    admission.requirePace(request.tenant_id)
    if (!residents.hasRoom(request.tenant_id)) throw new ProblemError('overloaded')
    const { row } = await this.#take(request, null)
    return row
  }

  /** Whatever the load is: a child is part of work that has begun. @throws StorageFull, StoreBusy */
  async acceptChild({ parent, depth, ask, timer, called }: ChildRequest): Promise<Child> {
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
      parent: { execution_id, ordinal: timer, detached, depth },
    }
    try {
      const { row, first, first_seq: seq } = await this.#take(request, called)
      return { execution_id: row.execution_id, entry: first, seq }
    } catch (error) {
      if (!(error instanceof ProblemError && REFUSALS.includes(error.code))) throw error
      return { refused: { code: error.code, message: error.message } }
    }
  }

  async #take(request: IntentRequest, called: ChildRequest['called'] | null): Promise<Taken> {
    const { definition, realm } = this.#registered(request)
    const payload = parsedOr(definition.payload, request.payload, 'payload_invalid', 'payload')
    const place = placeOf(definition, request, payload)
    const artifacts = artifactsNamedIn(JSON.stringify(request.payload))
    await this.#requireArtifacts(request.tenant_id, artifacts)
    const { flow, parts, residents, admission } = this.#of
    const lease = this.#of.leaseOf(request.session_id)
    // From here to the store nothing waits, so that lanes see the order of the log.
    const isAgain = request.retry_of !== undefined || request.fork_of !== undefined
    const arrival = flow.arrive(request.tenant_id, place, { isNew: called === null, isAgain })
    const row = newExecution(request, realm.version, arrival, parts)
    const accepted = acceptanceOf(request, row, arrival.place)
    const command = {
      lease,
      execution: row,
      keys: keysOf(request, row),
      entries: called ? [called(row.execution_id), ...accepted] : accepted,
      artifacts,
      set_timers: timeoutOf(definition, row),
      at_quota: called === null && admission.isAtQuota(request.tenant_id),
      ...(request.fork_of && { goes_on_from: request.fork_of.execution_id }),
    }
    const recording = this.#record({ request, definition, payload, arrival, command })
    // Nobody else finds it in the store and brings it to memory, too.
    residents.hold(row.execution_id, recording)
    return recording
  }

  async #record(taking: Taking): Promise<Taken> {
    const { arrival, command } = taking
    const { execution: row, entries, set_timers } = command
    const [first] = entries as [NewEntry]
    try {
      const accepted = await this.#send(command).catch((error: unknown) => {
        arrival.failed()
        throw error
      })
      if (accepted.outcome !== 'accepted') {
        arrival.failed()
        return { row: this.#existing(accepted), first, first_seq: 0 }
      }
      const first_seq = accepted.last_seq - entries.length + 1
      arrival.accepted(row)
      for (const { due_ms } of set_timers) this.#of.timerSet(due_ms)
      if (!arrival.isQueued) this.#begin(taking, first_seq)
      return { row, first, first_seq }
    } finally {
      this.#of.residents.letGo(row.execution_id)
    }
  }

  /** One that goes on from what another did is brought to memory with that; any other has nothing but its payload. */
  #begin({ request, definition, payload, arrival, command }: Taking, first_seq: number): void {
    const { execution: row, entries } = command
    if (request.fork_of) return this.#of.residents.start(row, arrival.slot)
    const { depth = 0 } = request.parent ?? {}
    const seq = first_seq + (request.parent ? 1 : 0)
    const { created_ms: time_ms } = row
    const beginning = { payload, seq, time_ms, replay: REPLAY, entries: entries.length, depth, place: arrival.place }
    this.#of.residents.begin(row, definition, freshHistory(beginning), arrival.slot)
  }

  #send(command: AcceptIntent): Promise<AcceptedIntent> {
    const { parts, admission, onTaking } = this.#of
    const { tenant_id, parent_id } = command.execution
    onTaking(command.execution)
    const accepting = parts.store.acceptIntent(command)
    return admission.counted(tenant_id, parent_id === null ? accepting.catch(asProblem) : accepting)
  }

  /** What its key has made before. @throws ProblemError if it was refused */
  #existing(answer: Exclude<AcceptedIntent, { outcome: 'accepted' }>): ExecutionRow {
    switch (answer.outcome) {
      case 'existing':
        return answer.execution
      case 'key_conflict':
        throw new ProblemError('idempotency_conflict')
      case 'quota_exceeded':
        throw this.#of.admission.quotaExceeded()
      default:
        throw new ProblemError(answer.outcome)
    }
  }

  #registered(request: IntentRequest): Registered<IntentDefinition> {
    const registered = this.#of.catalogue.intent(request.intent_type)
    if (!registered) throw new ProblemError('intent_type_unknown', `There is no intent type ${request.intent_type}.`)
    if (registered.realm.name !== request.realm) {
      throw new ProblemError('realm_mismatch', `${request.intent_type} belongs to the realm ${registered.realm.name}.`)
    }
    return registered
  }

  async #requireArtifacts(tenant: TenantId, artifacts: readonly ArtifactId[]): Promise<void> {
    for (const artifact of artifacts) {
      if (!(await this.#of.parts.artifacts.has(tenant, artifact))) {
        throw new ProblemError('artifact_not_found', `There is no artifact ${artifact}.`)
      }
    }
  }
}

/** Why a child is not accepted, and never will be. */
const REFUSALS: readonly string[] = ['intent_type_unknown', 'realm_mismatch', 'payload_invalid', 'artifact_not_found']

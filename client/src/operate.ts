// What a person does to an execution. Each says why; doing it again changes nothing.

import type { AcceptedIntent, Cancel, ExecutionStatus, Signalled } from '@biplane/protocol'

import { pathOf } from './executions.ts'
import type { CallOptions, Transport } from './transport.ts'

export interface Because extends CallOptions {
  /** Why, for those who read the log. */
  reason?: string
}

export interface CancelOptions extends Because {
  /** `cooperative` wakes the handler, which sees `Cancelled`; `kill` runs undo alone. */
  mode?: Cancel['mode']
}

export interface SettleOptions extends Because {
  /** The ordinal of a step whose undo was done by hand; without it the execution ends as it is. */
  step?: number
}

export interface AgainOptions extends Because {
  /** Without one, an execution is begun again once, however often that is asked for. */
  idempotencyKey?: string
}

export interface ForkOptions extends AgainOptions {
  /** The call whose answer is the last that is shared. Default: the last before the first failure. */
  through?: number
}

export interface SentSignal extends Because {
  payload?: unknown
  /** Minted here if it is not given, so that a lost answer never sends a signal twice. */
  id?: string
}

export interface Decision extends Because {
  id?: string
}

export const operateCalls = ({ json }: Transport) => {
  const post = <T>(executionId: string, verb: string, body: Record<string, unknown>, more: object = {}) =>
    json<T>({ method: 'POST', path: `${pathOf(executionId)}/${verb}`, json: body, ...more })
  const again = (executionId: string, verb: string, body: object, { reason, idempotencyKey, signal }: AgainOptions) => {
    const keyed = { headers: { 'idempotency-key': idempotencyKey }, key: idempotencyKey }
    return post<AcceptedIntent>(executionId, verb, { ...body, reason }, { ...keyed, signal })
  }
  const signalled = (executionId: string, body: object, { id = crypto.randomUUID(), reason, signal }: SentSignal) =>
    post<Signalled>(executionId, 'signal', { ...body, reason, signal_id: id }, { key: id, signal })

  return {
    /** Asks; the outcome is an event. */
    cancel: (executionId: string, { mode, reason, signal }: CancelOptions = {}): Promise<ExecutionStatus> =>
      post(executionId, 'cancel', { mode, reason }, { signal }),
    /** What is under way is stopped, and begun again on resume. */
    pause: (executionId: string, { reason, signal }: Because = {}): Promise<ExecutionStatus> =>
      post(executionId, 'pause', { reason }, { signal }),
    /** What is paused goes on; what is parked is tried again. */
    resume: (executionId: string, { reason, signal }: Because = {}): Promise<ExecutionStatus> =>
      post(executionId, 'resume', { reason }, { signal }),
    settle: (executionId: string, { step, reason, signal }: SettleOptions = {}): Promise<ExecutionStatus> =>
      post(executionId, 'settle', { step, reason }, { signal }),
    /** A new execution of the same intent, from its beginning. */
    retry: (executionId: string, options: AgainOptions = {}): Promise<AcceptedIntent> =>
      again(executionId, 'retry', {}, options),
    /** A new execution of the same intent, from an answer that this one had. */
    fork: (executionId: string, options: ForkOptions = {}): Promise<AcceptedIntent> =>
      again(executionId, 'fork', { through: options.through }, options),
    signal: (executionId: string, name: string, options: SentSignal = {}): Promise<Signalled> =>
      signalled(executionId, { name, payload: options.payload }, options),
    /** @throws BiplaneError approval_decided */
    approve: (executionId: string, name: string, options: Decision = {}): Promise<Signalled> =>
      signalled(executionId, { name, approved: true }, options),
    /** @throws BiplaneError approval_decided */
    refuse: (executionId: string, name: string, options: Decision = {}): Promise<Signalled> =>
      signalled(executionId, { name, approved: false }, options),
  }
}

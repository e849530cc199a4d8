// What a person or a program does to an execution (docs/protocol.md §4, "Operating").

import {
  AcceptedIntent,
  Cancel,
  ExecutionId,
  ExecutionStatus,
  Fork,
  IdempotencyKey,
  Settle,
  SignalExecution,
  Signalled,
} from '@biplane/protocol'
import * as z from 'zod'

import { given } from '../kit/given.ts'
import { type Call, call } from './call.ts'

const { reason, mode } = Cancel.shape
const because = { execution_id: ExecutionId, reason }
const again = { ...because, idempotency_key: IdempotencyKey.optional() }
const { name, payload, signal_id } = SignalExecution.shape

export const OPERATE_CALLS: [string, Call][] = [
  call(
    'cancel',
    'Cancels an execution',
    { ...because, mode },
    ExecutionStatus,
    (client, { execution_id, mode, reason }) => client.cancel(execution_id, given({ mode, reason })),
  ),
  call('pause', 'Pauses an execution', because, ExecutionStatus, (client, { execution_id, reason }) =>
    client.pause(execution_id, given({ reason })),
  ),
  call(
    'resume',
    'Lets a paused execution go on, or tries a parked one again',
    because,
    ExecutionStatus,
    (client, { execution_id, reason }) => client.resume(execution_id, given({ reason })),
  ),
  call(
    'settle',
    'Settles a parked execution by hand',
    { ...because, step: Settle.shape.step },
    ExecutionStatus,
    (client, { execution_id, step, reason }) => client.settle(execution_id, given({ step, reason })),
  ),
  call(
    'retry',
    'Does an ended execution again from its beginning',
    again,
    AcceptedIntent,
    (client, { execution_id, reason, idempotency_key: idempotencyKey }) =>
      client.retry(execution_id, given({ reason, idempotencyKey })),
  ),
  call(
    'fork',
    'Goes on from an answer of an ended execution',
    { ...again, through: Fork.shape.through },
    AcceptedIntent,
    (client, { execution_id, through, reason, idempotency_key: idempotencyKey }) =>
      client.fork(execution_id, given({ through, reason, idempotencyKey })),
  ),
  call(
    'signal',
    'Tells an execution something that it waits for, or will',
    { ...because, name, payload, signal_id },
    Signalled,
    (client, { execution_id, name, payload, reason, signal_id: id }) =>
      client.signal(execution_id, name, given({ payload, reason, id })),
  ),
  call(
    'approve',
    'Decides an approval, either way',
    { ...because, name, approved: z.boolean(), signal_id },
    Signalled,
    (client, { execution_id, name, approved, reason, signal_id: id }) =>
      approved
        ? client.approve(execution_id, name, given({ reason, id }))
        : client.refuse(execution_id, name, given({ reason, id })),
  ),
]

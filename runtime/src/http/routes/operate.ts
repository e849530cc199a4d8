// What a person does to an execution. Doing it again changes nothing; who and why are in the log.

import { randomUUID } from 'node:crypto'

import {
  AcceptedIntent,
  Because,
  Cancel,
  ExecutionStatus,
  Fork,
  ProblemError,
  Settle,
  SignalExecution,
  Signalled,
} from '@biplane/protocol'
import type * as z from 'zod'

import type { Actor } from '../../engine/actor.ts'
import { asProblem } from '../../engine/store-problem.ts'
import type { ExecutionRow } from '../../store/port.ts'
import { type Scope, requireType } from '../principal.ts'
import { type Route, route } from '../route.ts'
import { type AskedOne, OfExecution, requireExecution, statusOf } from './execution.ts'
import { OfTenant, idempotencyKey } from './session.ts'

const operation = <B extends z.ZodType>(
  verb: string,
  summary: string,
  body: B,
  answer: z.ZodType,
  handle: (asked: AskedOne<z.output<B>>) => unknown,
  scope: Scope = 'execution:operate',
): Route =>
  route({
    method: 'POST',
    url: `/api/execution/:execution_id/${verb}`,
    summary,
    access: { scope, notFound: 'execution_not_found', bound: 'own' },
    params: OfExecution,
    query: OfTenant,
    body,
    answer: { status: 202, schema: answer },
    handle,
  })

export const operateRoutes: Route[] = [
  operation('cancel', 'Cancels an execution: its steps are undone, last first', Cancel, ExecutionStatus, cancel),
  operation(
    'pause',
    'Pauses an execution: what is under way is stopped and begun again on resume',
    Because,
    ExecutionStatus,
    pause,
  ),
  operation('resume', 'Lets a paused execution go on, and tries a parked one again', Because, ExecutionStatus, resume),
  operation(
    'settle',
    'Settles a parked execution: a step was undone by hand, or it ends as it is',
    Settle,
    ExecutionStatus,
    settle,
  ),
  operation('retry', 'Does an intent again from its beginning, as a new execution', Because, AcceptedIntent, retry),
  operation('fork', 'Goes on from an answer of an ended execution, as a new execution', Fork, AcceptedIntent, fork),
  // A signal is a user's: an approval is what the execution asks its users for.
  operation('signal', 'Sends a signal, or decides an approval', SignalExecution, Signalled, signal, 'intent:submit'),
]

/** When a cancel and another end meet, the first commit wins: what the store says afterwards is told to everyone. */
async function cancel(asked: AskedOne<Cancel>) {
  const { runtime, body } = asked
  const request = { mode: body.mode ?? ('cooperative' as const), ...actorOf(asked) }
  await runtime.engine.operator.cancel(await requireExecution(asked), request).catch(asProblem)
  const row = await requireExecution(asked)
  if (row.ended_ms === null || row.status === 'cancelled') return statusOf(row)
  throw new ProblemError('execution_final', `Execution ${row.execution_id} is ${row.status}.`)
}

async function pause(asked: AskedOne<z.output<typeof Because>>) {
  await asked.runtime.engine.operator.pause(await requireExecution(asked), actorOf(asked)).catch(asProblem)
  return statusOf(await requireExecution(asked))
}

async function resume(asked: AskedOne<z.output<typeof Because>>) {
  await asked.runtime.engine.operator.resume(await requireExecution(asked), actorOf(asked)).catch(asProblem)
  return statusOf(await requireExecution(asked))
}

async function settle(asked: AskedOne<Settle>) {
  const { runtime, body } = asked
  await runtime.engine.operator.settle(await requireExecution(asked), actorOf(asked), body.step).catch(asProblem)
  return statusOf(await requireExecution(asked))
}

async function retry(asked: AskedOne<z.output<typeof Because>>) {
  const { again } = asked.runtime.engine
  return acceptedAs(await again.retry(await requireAllowed(asked), againOf(asked)))
}

async function fork(asked: AskedOne<Fork>) {
  const { again } = asked.runtime.engine
  return acceptedAs(await again.fork(await requireAllowed(asked), againOf(asked), asked.body.through))
}

/** Who operates decides what is assigned to others; on open loopback nobody is known, so anybody does. */
async function signal(asked: AskedOne<SignalExecution>) {
  const { runtime, body, request, who } = asked
  const { name, payload = null, approved } = body
  const signal_id = body.signal_id ?? idempotencyKey(request.headers['idempotency-key']) ?? randomUUID()
  const own_only = !who.scopes.includes('execution:operate')
  const sent = {
    name,
    signal_id,
    payload,
    ...(approved === undefined ? {} : { approved }),
    own_only,
    ...actorOf(asked),
  }
  await runtime.engine.operator.signal(await requireAllowed(asked), sent).catch(asProblem)
  return { ...statusOf(await requireExecution(asked)), signal_id }
}

/** An execution of an intent that the token may submit. @throws ProblemError execution_not_found, forbidden */
async function requireAllowed(asked: AskedOne): Promise<ExecutionRow> {
  const row = await requireExecution(asked)
  requireType(asked.who.intents, row.intent_type)
  return row
}

const actorOf = ({ who, body }: AskedOne<{ reason?: string | undefined }>): Actor => ({
  ...(who.subject === undefined ? {} : { by: who.subject }),
  ...(body.reason === undefined ? {} : { reason: body.reason }),
})

function againOf(asked: AskedOne<{ reason?: string | undefined }>) {
  const key = idempotencyKey(asked.request.headers['idempotency-key'])
  return { ...actorOf(asked), ...(key === null ? {} : { idempotency_key: key }) }
}

const acceptedAs = ({ intent_id, execution_id, session_id }: Omit<AcceptedIntent, 'status'>) => ({
  intent_id,
  execution_id,
  session_id,
  status: 'accepted',
})

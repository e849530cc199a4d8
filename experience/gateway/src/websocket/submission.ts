// Intents and queries over the socket. The catalogue is all that is known of them here: the runtime decides.

import { type Client, mintIntentId } from '@biplane/client'
import { type AcceptedIntent, type Execution, ProblemError, type SessionId, isFinal } from '@biplane/protocol'
import type * as z from 'zod'

import type { Caller } from '../identity/identity.ts'
import { addressOf, refuseMisfit } from '../kit/capability.ts'
import { requestKey } from '../kit/envelope.ts'
import { given } from '../kit/given.ts'
import type { Kit } from '../kit/kit.ts'
import { makeSession } from '../kit/session.ts'
import type { Query, Submit } from './messages.ts'

type Submission = z.output<typeof Submit>

/** Resolves when the intent is in the log and durable. @throws ProblemError, BiplaneError */
export async function submit(kit: Kit, caller: Caller, message: Submission): Promise<AcceptedIntent> {
  const { intent_type: type, payload, idempotency_key: idempotencyKey, intent_id } = message
  const client = kit.clientOf(caller)
  const key = requestKey(idempotencyKey, intent_id)
  const intentId = key === undefined ? mintIntentId() : intent_id
  const sessionId = message.session_id ?? (await sessionFor(kit, client, caller, message, key ?? intentId ?? ''))
  // Not asked to wait, it answers what was accepted.
  const accepted = await client.submit({ type, payload, sessionId, ...given({ idempotencyKey, intentId }) })
  return accepted as AcceptedIntent
}

/** Looks at the payload first, so that one which the runtime would refuse leaves no empty session behind. */
async function sessionFor(
  kit: Kit,
  client: Client,
  caller: Caller,
  { intent_type, payload }: Submission,
  key: string,
): Promise<SessionId> {
  const capability = kit.catalogue.at(addressOf(intent_type))
  if (capability?.kind !== 'intent') {
    if (kit.catalogue.capabilities() === null) throw new ProblemError('runtime_unavailable')
    throw new ProblemError('intent_type_unknown', `There is no intent type ${intent_type}.`)
  }
  refuseMisfit(capability, payload)
  return makeSession(client, caller, key)
}

/** How the execution has ended, or that it has not within `waitMs`. Rejects when `gone` aborts. */
export async function outcomeOf(
  client: Client,
  executionId: string,
  waitMs: number,
  gone: AbortSignal,
): Promise<object> {
  const over = AbortSignal.timeout(waitMs)
  try {
    return ended(await client.result(executionId, { signal: AbortSignal.any([gone, over]) }))
  } catch (error) {
    if (!over.aborted || gone.aborted) throw error
  }
  const execution = await client.execution(executionId, { signal: gone })
  return isFinal(execution.status) ? ended(execution) : notEnded(execution)
}

const notEnded = ({ execution_id, session_id, status, compensated }: Execution) => {
  return { type: 'not_ended', execution_id, session_id, status, compensated }
}

const ended = (execution: Execution) => {
  const { intent_id, result, error } = execution
  return { ...notEnded(execution), type: 'ended', intent_id, result, error }
}

/** `gone` aborts when nobody would hear the answer. */
export function ask(kit: Kit, caller: Caller, message: z.output<typeof Query>, gone: AbortSignal): Promise<unknown> {
  const { query_type: type, payload, session_id: sessionId } = message
  return kit.clientOf(caller).query({ type, payload, signal: gone, ...given({ sessionId }) })
}

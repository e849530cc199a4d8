// What is asked of sessions and of executions as they stand.

import {
  CreateSession,
  Because,
  Execution,
  ExecutionId,
  ExecutionSummary,
  IdempotencyKey,
  Session,
  SessionId,
  StateValue,
  Status,
  TypeName,
  page,
} from '@biplane/protocol'
import * as z from 'zod'

import { given } from '../kit/given.ts'
import { type Call, call, pages } from './call.ts'

const { user_id, metadata } = CreateSession.shape
const ofSession = { session_id: SessionId }
const oneSession = z.object({ session: Session })

export const SESSION_CALLS: [string, Call][] = [
  call(
    'create_session',
    'Makes a session',
    { user_id, metadata, idempotency_key: IdempotencyKey.optional() },
    oneSession,
    async (client, { user_id: userId, metadata, idempotency_key: idempotencyKey }) => ({
      session: await client.createSession(given({ userId, metadata, idempotencyKey })),
    }),
  ),
  call(
    'close_session',
    'Closes a session: it takes no more intents',
    { ...ofSession, reason: Because.shape.reason },
    oneSession,
    async (client, { session_id, reason }) => ({ session: await client.closeSession(session_id, given({ reason })) }),
  ),
  call('get_session', 'A session', ofSession, oneSession, async (client, { session_id }) => ({
    session: await client.session(session_id),
  })),
  call('list_sessions', 'Sessions, newest first', pages, page(Session), (client, { after, limit }) =>
    client.sessions(given({ after, limit })),
  ),
  call(
    'list_state',
    'The facts of a session, by the beginning of their keys',
    { ...ofSession, prefix: z.string().max(500).optional(), ...pages },
    page(StateValue),
    (client, { session_id: sessionId, prefix, after, limit }) =>
      client.states({ sessionId }, given({ prefix, after, limit })),
  ),
  call(
    'get_execution',
    'An execution with its steps',
    { execution_id: ExecutionId },
    z.object({ execution: Execution }),
    async (client, { execution_id }) => ({ execution: await client.execution(execution_id) }),
  ),
  call(
    'list_executions',
    'Executions, newest first',
    { session_id: SessionId.optional(), status: Status.optional(), intent_type: TypeName.optional(), ...pages },
    page(ExecutionSummary),
    (client, { session_id: sessionId, status, intent_type: intentType, after, limit }) =>
      client.executions(given({ sessionId, status, intentType, after, limit })),
  ),
]

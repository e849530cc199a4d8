// A session for an intent that names none. Its key follows from the request's, so that a retry finds the same session.

import type { Client } from '@biplane/client'
import { IdempotencyKey, ProblemError, type SessionId } from '@biplane/protocol'

import type { Caller } from '../identity/identity.ts'

/** Whoever is bound to a session has that one. @throws ProblemError idempotency_key_invalid if the key is too long to derive one from; BiplaneError */
export async function makeSession(client: Client, caller: Caller, requestKey: string): Promise<SessionId> {
  if (caller.sessionId !== undefined) return caller.sessionId
  const key = `${requestKey}.session`
  if (!IdempotencyKey.safeParse(key).success) {
    throw new ProblemError('idempotency_key_invalid', 'Without a session_id, a key has at most 192 characters.')
  }
  const user = caller.subject === undefined ? {} : { userId: caller.subject }
  const { session_id } = await client.createSession({ idempotencyKey: key, ...user })
  return session_id
}

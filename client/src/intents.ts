// Intents and queries: the one way to change something, and the way to read what a realm makes of it.

import { newIntentId, realmOf } from '@biplane/protocol'
import type { IntentId, SessionId } from '@biplane/protocol'

import { sessionCalls } from './sessions.ts'
import type { CallOptions, Transport } from './transport.ts'
import type { IntentType, PayloadOf, QueryType, RealmTypes, ResultOf, Submitted } from './typed.ts'

export interface SubmitOptions extends CallOptions {
  /** Without one a session is made for the intent, under a key that follows from the intent's. */
  sessionId?: string
  /** Minted here if neither it nor a key is given, so that a lost answer never runs an intent twice. */
  intentId?: IntentId
  idempotencyKey?: string
  /** Ask for the outcome in the answer, if there is one within this many seconds (≤ 60). */
  waitSeconds?: number
  /** W3C trace context, recorded with the intent. */
  traceparent?: string
}

export interface NewIntent<T extends string = string, P = unknown> extends SubmitOptions {
  /** Such as `content.upload`; its first part is the realm. */
  type: T
  payload: P
}

export interface QueryOptions extends CallOptions {
  sessionId?: string
}

export interface NewQuery<T extends string = string, P = unknown> extends QueryOptions {
  type: T
  payload: P
}

/** Of a client that was told of no realm: any type is taken, and the runtime says what fits. */
interface AnyIntentCalls {
  /** Resolves when the intent is in the log and durable. */
  submit(type: string, payload: unknown, options?: SubmitOptions): Promise<Submitted>
  submit(intent: NewIntent): Promise<Submitted>
  /** The answer has the shape of the capability's `result_schema`. Aborting stops the query. */
  query<T>(type: string, payload: unknown, options?: QueryOptions): Promise<T>
  query<T>(query: NewQuery): Promise<T>
}

interface TypedIntentCalls<R extends RealmTypes> {
  /** Resolves when the intent is in the log and durable. */
  submit<T extends IntentType<R>>(
    type: T,
    payload: PayloadOf<R, 'intent', T>,
    options?: SubmitOptions,
  ): Promise<Submitted<ResultOf<R, 'intent', T>>>
  submit<T extends IntentType<R>>(
    intent: NewIntent<T, PayloadOf<R, 'intent', T>>,
  ): Promise<Submitted<ResultOf<R, 'intent', T>>>
  /** Aborting stops the query. */
  query<T extends QueryType<R>>(
    type: T,
    payload: PayloadOf<R, 'query', T>,
    options?: QueryOptions,
  ): Promise<ResultOf<R, 'query', T>>
  query<T extends QueryType<R>>(query: NewQuery<T, PayloadOf<R, 'query', T>>): Promise<ResultOf<R, 'query', T>>
}

export type IntentCalls<R extends RealmTypes> = RealmTypes extends R ? AnyIntentCalls : TypedIntentCalls<R>

/** Above the wait that was asked for, so that the runtime's own answer comes first. */
const WAIT_MARGIN_MS = 30_000
const QUERY_TIMEOUT_MS = 120_000

export function intentCalls(transport: Transport): AnyIntentCalls {
  const { json } = transport
  const { createSession } = sessionCalls(transport)

  async function submit(typeOrIntent: string | NewIntent, payload?: unknown, options?: SubmitOptions) {
    const intent = typeof typeOrIntent === 'string' ? { ...options, type: typeOrIntent, payload } : typeOrIntent
    const { type, idempotencyKey, waitSeconds = 0, signal } = intent
    const intentId = intent.intentId ?? (idempotencyKey === undefined ? mintIntentId() : undefined)
    const key = idempotencyKey ?? intentId ?? ''
    return json<Submitted>({
      method: 'POST',
      path: '/intent/submit',
      headers: {
        'idempotency-key': idempotencyKey,
        prefer: waitSeconds > 0 ? `wait=${waitSeconds}` : undefined,
        traceparent: intent.traceparent,
      },
      json: {
        intent_type: type,
        realm: realmOf(type),
        session_id: intent.sessionId ?? (await sessionFor(key, signal)),
        payload: intent.payload,
        intent_id: intentId,
      },
      key,
      timeoutMs: waitSeconds * 1000 + WAIT_MARGIN_MS,
      signal,
    })
  }

  async function sessionFor(key: string, signal: AbortSignal | undefined): Promise<SessionId> {
    const { session_id } = await createSession({ idempotencyKey: `${key}.session`, signal })
    return session_id
  }

  function query<T>(typeOrQuery: string | NewQuery, given?: unknown, options?: QueryOptions): Promise<T> {
    const asked = typeof typeOrQuery === 'string' ? { ...options, type: typeOrQuery, payload: given } : typeOrQuery
    const { type, payload, sessionId, signal } = asked
    return json<T>({
      method: 'POST',
      path: '/query',
      json: { query_type: type, realm: realmOf(type), session_id: sessionId, payload },
      timeoutMs: QUERY_TIMEOUT_MS,
      signal,
    })
  }

  return { submit, query }
}

/** An id for an intent that is shown before it is sent: the event that carries it settles it. */
export const mintIntentId = (): IntentId =>
  newIntentId({ now: () => Date.now(), bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) })

// Intents and queries: the one way to change something, and the way to read what a realm makes of it.

import { newIntentId, realmOf } from '@biplane/protocol'
import type { AcceptedIntent, EndedIntent, IntentId } from '@biplane/protocol'

import type { CallOptions, Transport } from './transport.ts'

export interface NewIntent extends CallOptions {
  /** Such as `content.upload`; its first part is the realm. */
  type: string
  sessionId: string
  payload: unknown
  /** Minted here if neither it nor a key is given, so that a lost answer never runs an intent twice. */
  intentId?: IntentId
  idempotencyKey?: string
  /** Ask for the outcome in the answer, if there is one within this many seconds (≤ 60). */
  waitSeconds?: number
  /** W3C trace context, recorded with the intent. */
  traceparent?: string
}

/** Tell them apart by `status`: it is `accepted`, or, if it was waited for and came, the outcome. */
export type Submitted = AcceptedIntent | EndedIntent

export interface NewQuery extends CallOptions {
  type: string
  payload: unknown
  sessionId?: string
}

/** Above the wait that was asked for, so that the runtime's own answer comes first. */
const WAIT_MARGIN_MS = 30_000
const QUERY_TIMEOUT_MS = 120_000

export const intentCalls = ({ json }: Transport) => ({
  /** Resolves when the intent is in the log and durable. */
  submit(intent: NewIntent): Promise<Submitted> {
    const { type, idempotencyKey, waitSeconds = 0 } = intent
    const intentId = intent.intentId ?? (idempotencyKey === undefined ? mintIntentId() : undefined)
    return json({
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
        session_id: intent.sessionId,
        payload: intent.payload,
        intent_id: intentId,
      },
      key: idempotencyKey ?? intentId,
      timeoutMs: waitSeconds * 1000 + WAIT_MARGIN_MS,
      signal: intent.signal,
    })
  },

  /** The answer has the shape of the capability's `result_schema`. Aborting stops the query. */
  query<T>({ type, payload, sessionId, signal }: NewQuery): Promise<T> {
    return json<T>({
      method: 'POST',
      path: '/query',
      json: { query_type: type, realm: realmOf(type), session_id: sessionId, payload },
      timeoutMs: QUERY_TIMEOUT_MS,
      signal,
    })
  },
})

/** An id for an intent that is shown before it is sent: the event that carries it settles it. */
export const mintIntentId = (): IntentId =>
  newIntentId({ now: () => Date.now(), bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) })

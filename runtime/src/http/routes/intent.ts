// Submitting an intent: the only way to change anything.

import { AcceptedIntent, ProblemError, SubmitIntent } from '@biplane/protocol'

import type { IntentRequest } from '../../engine/acceptance.ts'
import { StoreClosed } from '../../store/error.ts'
import { msLeft, requireType } from '../principal.ts'
import { type Asked, type Route, route } from '../route.ts'
import { idempotencyKey } from './session.ts'

const WAIT_S_MAX = 60

export const intentRoutes: Route[] = [
  route({
    method: 'POST',
    url: '/api/intent/submit',
    summary: 'Submits an intent; answered when it is in the log and durable',
    access: { scope: 'intent:submit', notFound: 'session_not_found', bound: 'own' },
    body: SubmitIntent,
    answer: { status: 202, schema: AcceptedIntent },
    handle: submit,
  }),
]

async function submit({ runtime, who, body, request, reply }: Asked<unknown, SubmitIntent>) {
  requireType(who.intents, body.intent_type)
  const accepted = await runtime.engine.accept({
    tenant_id: who.tenant,
    session_id: body.session_id,
    intent_type: body.intent_type,
    realm: body.realm,
    payload: body.payload ?? null,
    ...keysOf(body.intent_id, idempotencyKey(request.headers['idempotency-key'])),
    ...(who.subject === undefined ? {} : { by: who.subject }),
    ...tracedBy(request.headers['traceparent']),
  })
  const { intent_id, execution_id, session_id } = accepted
  const answer = { intent_id, execution_id, session_id, status: 'accepted' }
  const self = `/api/execution/${execution_id}`
  reply.header('location', self)
  reply.header(
    'link',
    `<${self}/status>; rel="status", </api/session/${session_id}/events>; rel="events", <${self}/cancel>; rel="cancel"`,
  )
  const wait_s = who.scopes.includes('event:read') ? preferredWait(request.headers['prefer']) : 0
  if (wait_s === 0) return answer
  reply.header('preference-applied', `wait=${wait_s}`)
  const wait_ms = Math.min(wait_s * 1000, msLeft(who, runtime.clock.now()))
  // It is accepted whatever becomes of the waiting, which a runtime that stops gives up.
  const end = await runtime.engine.waitForEnd(who.tenant, execution_id, wait_ms).catch(nullIfClosed)
  if (!end) return answer
  reply.code(200).header('content-type', 'application/json; charset=utf-8')
  const { result: _, ...how } = end
  const ended = JSON.stringify({ ...answer, ...how })
  return `${ended.slice(0, -1)},"result":${end.result ?? 'null'}}`
}

function nullIfClosed(error: unknown): null {
  if (error instanceof StoreClosed) return null
  throw error
}

/** They share one namespace, so both at once must be the same. */
function keysOf(intent_id: SubmitIntent['intent_id'], key: string | null): Partial<IntentRequest> {
  if (intent_id !== undefined && key !== null && intent_id !== key) throw new ProblemError('idempotency_keys_differ')
  return { ...(intent_id === undefined ? {} : { intent_id }), ...(key === null ? {} : { idempotency_key: key }) }
}

/** Seconds; 0 if the caller does not want to wait. */
function preferredWait(header: string | string[] | undefined): number {
  const seconds = /(?:^|[,;\s])wait=(\d{1,4})/.exec(String(header ?? ''))?.[1]
  return Math.min(Number(seconds ?? 0), WAIT_S_MAX)
}

/** W3C trace context; what does not fit it is left out, as that says one should. */
function tracedBy(header: string | string[] | undefined): { traceparent?: string } {
  const fits = typeof header === 'string' && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(header)
  return fits ? { traceparent: header } : {}
}

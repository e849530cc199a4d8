// Sessions: one line of work inside a tenant, with one log.

import { hash } from 'node:crypto'

import {
  Because,
  CreateSession,
  DEFAULT_PAGE,
  IdempotencyKey,
  MAX_PAGE,
  ProblemError,
  Session,
  SessionId,
  TenantId,
  canonicalJson,
  newSessionId,
  page,
  timeOf,
} from '@biplane/protocol'
import * as z from 'zod'

import { entryOf } from '../../engine/entry.ts'
import { asProblem } from '../../engine/store-problem.ts'
import type { SessionRow } from '../../store/port.ts'
import { type Asked, type Route, route } from '../route.ts'

export const OfTenant = z.object({ tenant_id: TenantId.optional() })
export const Paged = OfTenant.extend({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
})
export const OfSession = z.object({ session_id: SessionId })
const Answer = z.object({ session: Session })

export const sessionRoutes: Route[] = [
  route({
    method: 'POST',
    url: '/api/session/create',
    summary: 'Creates a session',
    access: { scope: 'intent:submit', notFound: 'session_not_found', bound: 'nothing' },
    body: CreateSession,
    answer: { status: 201, schema: Answer },
    handle: createSession,
  }),
  route({
    method: 'GET',
    url: '/api/session',
    summary: 'Lists sessions, newest first',
    access: { scope: 'event:read', notFound: 'session_not_found', bound: 'listed' },
    query: Paged,
    answer: { status: 200, schema: page(Session) },
    handle: listSessions,
  }),
  route({
    method: 'GET',
    url: '/api/session/:session_id',
    summary: 'Reads a session',
    access: { scope: 'event:read', notFound: 'session_not_found', bound: 'own' },
    params: OfSession,
    query: OfTenant,
    answer: { status: 200, schema: Answer },
    handle: async (asked) => ({ session: sessionOf(await requireSession(asked)) }),
  }),
  route({
    method: 'POST',
    url: '/api/session/:session_id/close',
    summary: 'Closes a session: it takes no new intents, and its log ends with its last execution',
    access: { scope: 'intent:submit', notFound: 'session_not_found', bound: 'own' },
    params: OfSession,
    query: OfTenant,
    body: Because,
    answer: { status: 200, schema: Answer },
    handle: closeSession,
  }),
]

/** @throws ProblemError session_not_found */
export async function requireSession({
  runtime,
  who,
  params,
}: Asked<unknown, unknown, z.output<typeof OfSession>>): Promise<SessionRow> {
  const row = await runtime.store.getSession(who.tenant, params.session_id)
  if (!row) throw new ProblemError('session_not_found', `There is no session ${params.session_id}.`)
  return row
}

/** A bound token has one session to list. */
async function listSessions({ runtime, who, query }: Asked<z.output<typeof Paged>>) {
  const { after = null, limit } = query
  if (who.session !== undefined) {
    const own = after === null ? await runtime.store.getSession(who.tenant, who.session) : null
    return { items: own ? [sessionOf(own)] : [], next: null }
  }
  const { items, next } = await runtime.store.listSessions(who.tenant, after, limit)
  return { items: items.map(sessionOf), next }
}

async function createSession({ runtime, who, body, request }: Asked<unknown, CreateSession>) {
  const { store, clock, ids, engine, openSessions } = runtime
  const { user_id, metadata } = body
  const about = { ...(user_id === undefined ? {} : { user_id }), ...(metadata === undefined ? {} : { metadata }) }
  const session: SessionRow = {
    session_id: newSessionId(ids),
    tenant_id: who.tenant,
    ...about,
    status: 'open',
    created_ms: clock.now(),
  }
  const name = idempotencyKey(request.headers['idempotency-key'])
  const key = name === null ? null : { key: name, body_hash: hash('sha256', canonicalJson({ create: about })) }
  const by = who.subject === undefined ? {} : { by: who.subject }
  const data = { tenant_id: who.tenant, ...about, ...by }
  const entry = entryOf('session.created', data, { execution: null, time_ms: session.created_ms })
  const lease = engine.leaseOf(session.session_id)
  const create = (at_quota: boolean) => store.createSession({ lease, session, key, entry, at_quota })
  const created = await openSessions.create(who.tenant, create).catch(asProblem)
  if (created.outcome === 'key_conflict') throw new ProblemError('idempotency_conflict')
  if (created.outcome === 'quota_exceeded') throw openSessions.quotaExceeded()
  return { session: sessionOf(created.session) }
}

async function closeSession(asked: Asked<unknown, z.output<typeof Because>, z.output<typeof OfSession>>) {
  const { runtime, who, body, params } = asked
  const by = who.subject === undefined ? {} : { by: who.subject }
  const reason = body.reason === undefined ? {} : { reason: body.reason }
  const closing = entryOf('session.closing', { ...by, ...reason }, { execution: null, time_ms: runtime.clock.now() })
  const { session_id } = params
  const lease = runtime.engine.leaseOf(session_id)
  const command = { lease, tenant_id: who.tenant, session_id, closing }
  const close = () => runtime.store.closeSession(command)
  const closed = await runtime.openSessions.close(who.tenant, close).catch(asProblem)
  if (closed.outcome === 'not_found') throw new ProblemError('session_not_found', `There is no session ${session_id}.`)
  return { session: sessionOf(await requireSession(asked)) }
}

/** Null if none is given. @throws ProblemError idempotency_key_invalid */
export function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  const parsed = IdempotencyKey.safeParse(header)
  if (!parsed.success) throw new ProblemError('idempotency_key_invalid')
  return parsed.data
}

export function sessionOf({ created_ms, ...row }: SessionRow): Session {
  return { ...row, created_at: timeOf(created_ms) }
}

// How things stand, and where to follow them from: for who comes late, or finds the beginning of a log gone. The offset is read
// first, so that nothing that happens meanwhile is missed behind it.

import { DEFAULT_PAGE, SessionSnapshot, TenantId, TenantSnapshot, offsetOf } from '@biplane/protocol'
import * as z from 'zod'

import { type Route, route } from '../route.ts'
import { executionSummary } from './execution-view.ts'
import { OfSession, OfTenant, requireSession, sessionOf } from './session.ts'
import { stateOf } from './state.ts'

const access = { scope: 'event:read', notFound: 'session_not_found' } as const

export const snapshotRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/session/:session_id/snapshot',
    summary: 'Reads how a session stands, and the offset to follow it from',
    access: { ...access, bound: 'own' },
    params: OfSession,
    query: OfTenant,
    answer: { status: 200, schema: SessionSnapshot },
    async handle(asked) {
      const { store, streams } = asked.runtime
      const { session_id, tenant_id } = await requireSession(asked)
      const { last } = await streams.head(session_id)
      const [session, state, executions] = await Promise.all([
        requireSession(asked),
        store.listState('session', session_id, '', null, DEFAULT_PAGE),
        store.listExecutions({ tenant_id, session_id }, null, DEFAULT_PAGE),
      ])
      return {
        offset: offsetOf(last),
        session: sessionOf(session),
        state: { ...state, items: state.items.map(stateOf) },
        executions: { ...executions, items: executions.items.map(executionSummary) },
      }
    },
  }),
  route({
    method: 'GET',
    url: '/api/tenant/:tenant_id/snapshot',
    summary: 'Reads how a tenant stands, and the offset to follow it from',
    access: { ...access, bound: 'nothing' },
    params: z.object({ tenant_id: TenantId }),
    query: OfTenant,
    answer: { status: 200, schema: TenantSnapshot },
    async handle({ runtime: { store }, who: { tenant } }) {
      const last = await store.tenantHead(tenant)
      const [sessions, state, executions] = await Promise.all([
        store.listSessions(tenant, null, DEFAULT_PAGE),
        store.listState('tenant', tenant, '', null, DEFAULT_PAGE),
        store.listExecutions({ tenant_id: tenant }, null, DEFAULT_PAGE),
      ])
      return {
        offset: offsetOf(last),
        sessions: { ...sessions, items: sessions.items.map(sessionOf) },
        state: { ...state, items: state.items.map(stateOf) },
        executions: { ...executions, items: executions.items.map(executionSummary) },
      }
    },
  }),
]

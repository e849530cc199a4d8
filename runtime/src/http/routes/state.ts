// State: keyed facts of a session or a tenant, as the last commit left them.

import { ProblemError, type SessionId, StateValue, TenantId, page } from '@biplane/protocol'
import * as z from 'zod'

import type { StateRow, StateScope } from '../../store/port.ts'
import { type Asked, type Route, route } from '../route.ts'
import { OfSession, OfTenant, Paged, requireSession } from './session.ts'

const Listed = Paged.extend({ prefix: z.string().max(500).default('') })
const Keyed = { '*': z.string().min(1).max(1_000) }

/** A key may hold slashes, so it is the rest of the path. */
function stateRoutesOf(
  scope: StateScope,
  base: string,
  params: z.ZodObject,
  owner: (asked: AskedState) => Owner,
): Route[] {
  const bound = scope === 'session' ? 'own' : 'nothing'
  const access = { scope: 'event:read', notFound: 'session_not_found', bound } as const
  return [
    route({
      method: 'GET',
      url: `${base}/state`,
      summary: `Lists the state of a ${scope} by key`,
      access,
      params,
      query: Listed,
      answer: { status: 200, schema: page(StateValue) },
      async handle(asked) {
        const { prefix, after, limit } = asked.query
        const { store } = asked.runtime
        const { items, next } = await store.listState(scope, await owner(asked as never), prefix, after ?? null, limit)
        return { items: items.map(stateOf), next }
      },
    }),
    route({
      method: 'GET',
      url: `${base}/state/*`,
      summary: `Reads one key of the state of a ${scope}`,
      access,
      params: params.extend(Keyed),
      query: OfTenant,
      answer: { status: 200, schema: StateValue },
      async handle(asked) {
        const key = (asked.params as { '*': string })['*']
        const row = await asked.runtime.store.getState(scope, await owner(asked as never), key)
        if (!row) throw new ProblemError('state_not_found', `There is no state ${key}.`)
        return stateOf(row)
      },
    }),
  ]
}

type Owner = Promise<SessionId | TenantId>
type AskedState = Asked<unknown, unknown, { session_id: SessionId }>

export const stateRoutes: Route[] = [
  ...stateRoutesOf(
    'session',
    '/api/session/:session_id',
    OfSession,
    async (asked) => (await requireSession(asked)).session_id,
  ),
  ...stateRoutesOf(
    'tenant',
    '/api/tenant/:tenant_id',
    z.object({ tenant_id: TenantId }),
    async ({ who }) => who.tenant,
  ),
]

export const stateOf = ({ key, value, revision }: StateRow): StateValue => ({
  key,
  value: JSON.parse(value) as StateValue['value'],
  revision,
})

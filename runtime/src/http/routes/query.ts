// Queries: reads that a realm answers, bounded in time and bytes, ended when their asker leaves, never in the log.

import { AskQuery, ProblemError, parsedOr } from '@biplane/protocol'
import type { QueryContext, QueryDefinition, StateReader } from '@biplane/realm'

import type { SessionId, TenantId } from '@biplane/protocol'
import type { StateScope, Store } from '../../store/port.ts'
import { type Asked, type Route, route } from '../route.ts'

const ANSWER_BYTES_MAX = 8 * 1024 * 1024
const STATE_LIST_DEFAULT = 100
const STATE_LIST_MAX = 1_000

export const queryRoutes: Route[] = [
  route({
    method: 'POST',
    url: '/api/query',
    summary: 'Asks a query of a realm',
    access: { scope: 'event:read', notFound: 'session_not_found' },
    body: AskQuery,
    answer: { status: 200, description: 'The answer itself, as the catalogue describes it.' },
    handle: ask,
  }),
]

async function ask(asked: Asked<unknown, AskQuery>) {
  const { runtime, who, body, request, reply } = asked
  const registered = runtime.engine.catalogue.query(body.query_type)
  if (!registered) throw new ProblemError('query_type_unknown', `There is no query type ${body.query_type}.`)
  const { definition, realm } = registered
  if (realm.name !== body.realm) {
    throw new ProblemError('realm_mismatch', `${body.query_type} belongs to the realm ${realm.name}.`)
  }
  const session = body.session_id ?? null
  if (session !== null && !(await runtime.store.getSession(who.tenant, session))) {
    throw new ProblemError('session_not_found', `There is no session ${session}.`)
  }
  const bounds = boundsOf(definition, runtime.clock, request.raw)
  try {
    const payload = parsedOr(definition.payload, body.payload ?? {}, 'payload_invalid', 'payload')
    const context = contextOf(runtime, who.tenant, session, bounds.signal)
    const answer = await Promise.race([definition.run(context, payload as never), bounds.over])
    reply.header('content-type', 'application/json; charset=utf-8')
    return answerText(definition, answer)
  } finally {
    bounds.release()
  }
}

/** A signal that aborts when time is up or the asker leaves, and a promise that rejects then. */
function boundsOf(
  { timeoutMs, type }: QueryDefinition,
  clock: Asked['runtime']['clock'],
  raw: Asked['request']['raw'],
) {
  const abort = new AbortController()
  const { promise: over, reject } = Promise.withResolvers<never>()
  over.catch(() => {})
  const end = (error: ProblemError) => {
    // In this order: what the handler throws when it is aborted comes second.
    reject(error)
    abort.abort(error)
  }
  const cancel = clock.after(timeoutMs, () =>
    end(new ProblemError('query_timeout', `${type} may take ${timeoutMs} ms.`)),
  )
  const onClose = () => end(new ProblemError('query_timeout', 'The asker left.'))
  raw.socket.once('close', onClose)
  const release = () => {
    cancel()
    raw.socket.off('close', onClose)
  }
  return { signal: abort.signal, over, release }
}

function contextOf(
  { store, artifacts }: Asked['runtime'],
  tenantId: TenantId,
  session: SessionId | null,
  signal: AbortSignal,
): QueryContext {
  const state = {
    session: session === null ? null : stateReader(store, 'session', session),
    tenant: stateReader(store, 'tenant', tenantId),
  }
  return { tenantId, state, artifacts: artifacts.of(tenantId, signal), signal }
}

const stateReader = (store: Store, scope: StateScope, owner: SessionId | TenantId): StateReader => ({
  async get<T>(key: string) {
    const row = await store.getState(scope, owner, key)
    return row && { value: JSON.parse(row.value) as T, revision: row.revision }
  },
  async list<T>(prefix: string, limit = STATE_LIST_DEFAULT) {
    const { items } = await store.listState(scope, owner, prefix, null, Math.min(limit, STATE_LIST_MAX))
    return items.map(({ key, value, revision }) => ({ key, value: JSON.parse(value) as T, revision }))
  },
})

function answerText(definition: QueryDefinition, answer: unknown): string {
  const text = JSON.stringify(definition.result.parse(answer))
  if (text.length <= ANSWER_BYTES_MAX) return text
  throw new ProblemError('answer_too_large', `The answer has ${text.length} bytes, over ${ANSWER_BYTES_MAX}.`)
}

// Queries: reads that a realm answers, bounded in time and bytes, ended when their asker leaves, never in the log.

import { AskQuery, ProblemError, parsedOr } from '@biplane/protocol'
import type { QueryDefinition } from '@biplane/realm'

import { queryContext } from '../../engine/query-context.ts'
import { requireType } from '../principal.ts'
import { type Asked, type Route, route } from '../route.ts'

const ANSWER_BYTES_MAX = 8 * 1024 * 1024

export const queryRoutes: Route[] = [
  route({
    method: 'POST',
    url: '/api/query',
    summary: 'Asks a query of a realm',
    access: { scope: 'event:read', notFound: 'session_not_found', bound: 'own' },
    body: AskQuery,
    answer: { status: 200, description: 'The answer itself, as the catalogue describes it.' },
    handle: ask,
  }),
]

async function ask(asked: Asked<unknown, AskQuery>) {
  const { runtime, who, body, request, reply } = asked
  requireType(who.queries, body.query_type)
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
    const context = queryContext(runtime, who.tenant, session, bounds.signal)
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

function answerText(definition: QueryDefinition, answer: unknown): string {
  const text = JSON.stringify(definition.result.parse(answer))
  if (text.length <= ANSWER_BYTES_MAX) return text
  throw new ProblemError('answer_too_large', `The answer has ${text.length} bytes, over ${ANSWER_BYTES_MAX}.`)
}

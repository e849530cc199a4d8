// A query, asked of the process of the moment.

import { ProblemError, parsedOr } from '@biplane/protocol'
import { queryContext } from '@biplane/runtime/query-context'

import { type Kit, asSent } from './kit.ts'
import { TENANT, type Whose } from './options.ts'

export async function askQuery(
  { driver, sessions }: Kit,
  queryType: string,
  payload: unknown,
  { tenant = TENANT, session }: Whose,
): Promise<unknown> {
  const { engine, parts } = await driver.still()
  const registered = engine.catalogue.query(queryType)
  if (!registered) throw new ProblemError('query_type_unknown', `There is no query type ${queryType}.`)
  const { definition } = registered
  const asked = parsedOr(definition.payload, asSent(payload, 'The payload'), 'payload_invalid', 'payload')
  const session_id = session === undefined ? null : await sessions.named(tenant, session)
  const context = queryContext(parts, tenant, session_id, AbortSignal.timeout(definition.timeoutMs))
  return asSent(definition.result.parse(await definition.run(context, asked as never)), 'The answer')
}

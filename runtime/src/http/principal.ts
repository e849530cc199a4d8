// Who asks (docs/protocol.md §4). Every call resolves one principal before its payload is looked at.

import { type ProblemCode, ProblemError, TenantId } from '@biplane/protocol'
import type { FastifyRequest } from 'fastify'

export const SCOPES = ['intent:submit', 'event:read', 'execution:operate'] as const
export type Scope = (typeof SCOPES)[number]

export interface Principal {
  tenant: TenantId
  /** Who acts, for the log; absent on open loopback. */
  subject?: string
  scopes: readonly string[]
}

/** Checks a bearer token. @throws ProblemError unauthenticated */
export type VerifyToken = (token: string) => Promise<Principal>

/**
 * The principal of a request. `notFound` is what a mismatch is answered with: as if the thing did not exist.
 * @throws ProblemError unauthenticated, forbidden, tenant_required, duplicate_fields_differ, or `notFound`
 */
export async function principalOf(
  request: FastifyRequest,
  verify: VerifyToken | null,
  scope: Scope,
  notFound: ProblemCode,
): Promise<Principal> {
  const named = namedTenant(request)
  if (!verify) {
    if (named === undefined) throw new ProblemError('tenant_required')
    return { tenant: named, scopes: SCOPES }
  }
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) throw new ProblemError('unauthenticated')
  const principal = await verify(token)
  if (!principal.scopes.includes(scope)) throw new ProblemError('forbidden', `The token lacks the scope ${scope}.`)
  if (named !== undefined && named !== principal.tenant) throw new ProblemError(notFound)
  return principal
}

/** The tenant_id in the path, the query and the body, which must agree. */
function namedTenant(request: FastifyRequest): TenantId | undefined {
  const given = [request.params, request.query, request.body]
    .map((part) => (part as { tenant_id?: unknown } | null | undefined)?.tenant_id)
    .filter((value) => value !== undefined)
  if (given.length === 0) return undefined
  if (given.some((value) => value !== given[0])) throw new ProblemError('duplicate_fields_differ')
  const parsed = TenantId.safeParse(given[0])
  if (!parsed.success) throw new ProblemError('body_invalid', `tenant_id: ${parsed.error.issues[0]?.message}`)
  return parsed.data
}

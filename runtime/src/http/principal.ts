// Who asks (docs/protocol.md §4): a tenant, a subject, scopes, and what a token narrows them to.

import { type ProblemCode, ProblemError, type SessionId, TenantId } from '@biplane/protocol'
import type { FastifyRequest } from 'fastify'

export const SCOPES = ['intent:submit', 'event:read', 'execution:operate', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

export interface Principal {
  tenant: TenantId
  /** Who acts, for the log; absent on open loopback. */
  subject?: string
  scopes: readonly string[]
  /** The one session that it sees; absent: all of its tenant. */
  session?: SessionId
  /** Types that it may submit, and ask; absent: all. */
  intents?: readonly string[]
  queries?: readonly string[]
  /** When it is not taken any more; absent: never. */
  expires_ms?: number
}

/** Checks a bearer token. @throws ProblemError unauthenticated, keys_unavailable */
export type VerifyToken = (token: string) => Promise<Principal>

/** Who asks with these headers. @throws ProblemError unauthenticated, keys_unavailable, forbidden */
export async function bearerOf(
  { authorization }: { authorization?: string | undefined },
  verify: VerifyToken,
  scope: Scope,
): Promise<Principal> {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw new ProblemError('unauthenticated')
  const who = await verify(token)
  requireScope(who, scope)
  return who
}

/** Whether the thing exists is not looked at before. @throws ProblemError forbidden */
export function requireScope({ scopes }: Principal, scope: Scope): void {
  if (!scopes.includes(scope)) throw new ProblemError('forbidden', `The token lacks the scope ${scope}.`)
}

/** @throws ProblemError forbidden */
export function requireType(allowed: readonly string[] | undefined, type: string): void {
  if (allowed && !allowed.includes(type)) throw new ProblemError('forbidden', `The token does not allow ${type}.`)
}

/** Who asks where nobody proves anything. @throws ProblemError tenant_required if it names none and must */
export function anybody(named: TenantId | undefined, mustName: boolean): Principal {
  if (named === undefined && mustName) throw new ProblemError('tenant_required')
  return { tenant: named ?? '', scopes: SCOPES }
}

/** What is another tenant's does not exist. @throws ProblemError `notFound` */
export function requireTenant({ tenant }: Principal, named: TenantId | undefined, notFound: ProblemCode): void {
  if (named !== undefined && named !== tenant) throw new ProblemError(notFound)
}

/** The tenant_id in the path, the query and the body, which must agree. @throws ProblemError duplicate_fields_differ, body_invalid */
export function namedTenant(request: FastifyRequest): TenantId | undefined {
  const given = [request.params, request.query, request.body]
    .map((part) => (part as { tenant_id?: unknown } | null | undefined)?.tenant_id)
    .filter((value) => value !== undefined)
  if (given.length === 0) return undefined
  if (given.some((value) => value !== given[0])) throw new ProblemError('duplicate_fields_differ')
  const parsed = TenantId.safeParse(given[0])
  if (!parsed.success) throw new ProblemError('body_invalid', `tenant_id: ${parsed.error.issues[0]?.message}`)
  return parsed.data
}

/** How long its token is still taken. */
export const msLeft = ({ expires_ms }: Principal, now_ms: number): number =>
  expires_ms === undefined ? Infinity : Math.max(0, expires_ms - now_ms)

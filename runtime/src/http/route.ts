// A route of the Runtime's wire as data: what it takes, who may ask, what it answers. The server, the API document and the test of
// who may do what are made from the same list, so none can know a route that the others do not.

import { parsedOr } from '@biplane/protocol'
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type * as z from 'zod'

import type { Runtime } from '../runtime-parts.ts'
import { type Access, requireRoom, requireWithin } from './access.ts'
import { isPage, pageLinks } from './page-links.ts'
import { type Principal, anybody, bearerOf, namedTenant, requireTenant } from './principal.ts'

export interface Asked<Q = unknown, B = unknown, P = Record<string, string>> {
  params: P
  query: Q
  body: B
  who: Principal
  request: FastifyRequest
  reply: FastifyReply
  runtime: Runtime
}

export interface Route {
  method: HTTPMethods
  /** With `:name` for parameters. */
  url: string
  summary: string
  access: Access | 'anyone'
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** Takes the body as a stream of bytes. */
  bytes?: boolean
  answer: { status: number; schema?: z.ZodType; description?: string }
  /** Sends nothing itself unless it hijacks the reply: what it returns is the answer. */
  handle(asked: Asked<never, never, never>): unknown
}

/** Types the handler by the schemas beside it. */
export const route = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  declared: Omit<Route, 'handle' | 'params' | 'query' | 'body'> & {
    params?: P
    query?: Q
    body?: B
    handle(asked: Asked<z.output<Q>, z.output<B>, z.output<P>>): unknown
  },
): Route => declared

const ANYONE: Principal = { tenant: '', scopes: [] }

/** Who a token says asks; before the body is read, so that nobody unknown is listened to. Null where there are no tokens. */
export async function authenticate(
  { access }: Route,
  { verify }: Runtime,
  request: FastifyRequest,
): Promise<Principal | null> {
  return access === 'anyone' || !verify ? null : bearerOf(request.headers, verify, access.scope)
}

/** The way of every request: who asks, then what is asked, then the answer. */
export async function answerRoute(
  declared: Route,
  runtime: Runtime,
  authenticated: Principal | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { access } = declared
  const who = access === 'anyone' ? ANYONE : principalOf(access, authenticated, request)
  const notFound = access === 'anyone' ? 'route_not_found' : access.notFound
  const asked = {
    who,
    request,
    reply,
    runtime,
    params: declared.params ? parsedOr(declared.params, request.params, notFound, 'path') : {},
    query: declared.query ? parsedOr(declared.query, request.query, 'query_invalid', 'query') : {},
    body: declared.body
      ? parsedOr(declared.body, withTenant(request.body ?? {}, who), 'body_invalid', 'body')
      : undefined,
  }
  reply.code(declared.answer.status)
  if (access === 'anyone') return declared.handle(asked as never)
  await requireWithin(access, who, asked as never, runtime.store)
  requireRoom(runtime, who)
  runtime.serving.enter(who.tenant)
  try {
    const answer = await declared.handle(asked as never)
    if (isPage(answer)) reply.header('link', pageLinks(request.url, answer))
    return answer
  } finally {
    runtime.serving.leave(who.tenant)
  }
}

function principalOf(access: Access, authenticated: Principal | null, request: FastifyRequest): Principal {
  const named = namedTenant(request)
  if (!authenticated) return anybody(named, access.whole !== true)
  requireTenant(authenticated, named, access.notFound)
  return authenticated
}

/** A token names the tenant already; a body need not repeat it. */
function withTenant(body: unknown, who: Principal): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || 'tenant_id' in body) return body
  return { ...body, tenant_id: who.tenant }
}

// A route of the Runtime's wire as data: what it takes, who may ask, what it answers. The server and the API document are both
// made from the same list, so neither can know a route that the other does not.

import { type ProblemCode, parsedOr } from '@biplane/protocol'
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type * as z from 'zod'

import type { Runtime } from '../runtime-parts.ts'
import { type Principal, type Scope, principalOf } from './principal.ts'

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
  /** Which scope a token needs, and what a foreign tenant is answered. Absent: anyone may ask. */
  access?: { scope: Scope; notFound: ProblemCode }
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

/** The way of every request: who asks, then what is asked, then the answer. */
export async function answerRoute(
  declared: Route,
  runtime: Runtime,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { access } = declared
  const who = access ? await principalOf(request, runtime.verify, access.scope, access.notFound) : ANYONE
  const asked = {
    who,
    request,
    reply,
    runtime,
    params: declared.params
      ? parsedOr(declared.params, request.params, access?.notFound ?? 'route_not_found', 'path')
      : {},
    query: declared.query ? parsedOr(declared.query, request.query, 'query_invalid', 'query') : {},
    body: declared.body
      ? parsedOr(declared.body, withTenant(request.body ?? {}, who), 'body_invalid', 'body')
      : undefined,
  }
  reply.code(declared.answer.status)
  return declared.handle(asked as never)
}

/** A token names the tenant already; a body need not repeat it. */
function withTenant(body: unknown, who: Principal): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || 'tenant_id' in body) return body
  return { ...body, tenant_id: who.tenant }
}

// Relaying a call of the runtime's wire, so that @biplane/client speaks one dialect to both planes.

import type { Readable } from 'node:stream'

import { ProblemError, type SessionId } from '@biplane/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { type Fields, readJsonObject } from '../kit/body.ts'
import { type Caller, NOBODY } from '../identity/caller.ts'
import type { Kit } from '../kit/kit.ts'
import { type Relayed, relay } from '../kit/relay.ts'
import { allow } from '../kit/server.ts'
import { sendEvents, waitForEvents } from './event-stream.ts'
import { queryOf, tenantIn } from './query.ts'
import type { WireCall } from './wire-calls.ts'

const METHODS: Record<WireCall['kind'], readonly string[]> = {
  public: ['GET', 'HEAD'],
  read: ['GET', 'HEAD'],
  live: ['GET', 'HEAD'],
  json: ['POST'],
  keyed: ['POST'],
  bytes: ['POST'],
}

export const methodsOf = ({ kind }: WireCall): readonly string[] => METHODS[kind]

export async function relayWire(
  kit: Kit,
  request: FastifyRequest,
  reply: FastifyReply,
  pattern: string,
  call: WireCall,
): Promise<FastifyReply> {
  allow(methodsOf(call), request, reply)
  const { kind } = call
  const params = request.params as Record<string, string>
  const query = queryOf(request)
  const relayed = { method: request.method, path: fill(pattern, params), query }
  if (kind === 'public') return relay(kit, request, reply, NOBODY, relayed)

  const json = kind === 'json' || kind === 'keyed' ? await readJsonObject(request.body as Readable | undefined) : {}
  const named = params['tenant_id'] ?? json['tenant_id'] ?? tenantIn(query)
  const caller = await kit.identity.resolve(request.headers, named)
  if (kind === 'read') return relay(kit, request, reply, caller, relayed)
  if (kind === 'live') return answerLive(kit, request, reply, caller, relayed)
  if (kind === 'bytes') return relay(kit, request, reply, caller, { ...relayed, body: request.body as Readable })
  const body = JSON.stringify(caller.tenantId === undefined ? json : { ...json, tenant_id: caller.tenantId })
  const key = kind === 'keyed' ? keyOf(request, json) : undefined
  return relay(kit, request, reply, caller, { ...relayed, body, key })
}

/** Who goes on reading a session's whole log is told by the feed. What else is read, the runtime answers itself. */
async function answerLive(
  kit: Kit,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  relayed: Relayed & { query: URLSearchParams },
): Promise<FastifyReply> {
  const { session_id } = request.params as { session_id?: SessionId }
  const { query } = relayed
  const [live, cursor] = [query.get('live'), query.get('cursor') ?? undefined]
  const offset = (request.headers['last-event-id'] as string | undefined) || query.get('offset')
  const isFiltered = FILTERS.some((filter) => query.has(filter))
  if (session_id !== undefined && offset !== null && !isFiltered && request.method === 'GET') {
    const followed = { caller, sessionId: session_id, offset, cursor }
    if (live === 'sse') return sendEvents(kit, request, reply, followed)
    if (live === 'long-poll' && !(await waitForEvents(kit, reply, followed))) return reply.send()
  }
  return relay(kit, request, reply, { ...caller, token: await caller.streamToken() }, relayed)
}

const FILTERS = ['type', 'kind', 'realm']

/** For the advice of an error only: the runtime holds the rules of keys. */
const keyOf = ({ headers }: FastifyRequest, json: Fields): string =>
  String(headers['idempotency-key'] ?? json['intent_id'] ?? 'the one that you gave, if you did')

/** `*` is the rest of the path. @throws ProblemError route_not_found for a part that would lead out of the path */
const fill = (pattern: string, params: Record<string, string>): string =>
  pattern.replaceAll(/:(\w+)|\*/g, (rest, name?: string) =>
    (params[name ?? rest] ?? '').split('/').map(encodePart).join('/'),
  )

function encodePart(part: string): string {
  if (['', '.', '..'].includes(part)) throw new ProblemError('route_not_found', `"${part}" names nothing.`)
  return encodeURIComponent(part)
}

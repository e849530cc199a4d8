// Relaying a call of the runtime's wire, so that @biplane/client speaks one dialect to both planes.

import type { Readable } from 'node:stream'

import { ProblemError, type SessionId, type StreamFilter } from '@biplane/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { type Fields, readJsonObject } from '../kit/body.ts'
import { type Caller, NOBODY } from '../identity/caller.ts'
import type { Kit } from '../kit/kit.ts'
import { type Relayed, relay } from '../kit/relay.ts'
import { allow } from '../kit/server.ts'
import { type Followed, sendEvents, waitForEvents } from './event-stream.ts'
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

const FILTERS = ['type', 'kind', 'realm']

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

/** Who goes on reading a log is told by the feed. What else is read, the runtime answers itself. */
async function answerLive(
  kit: Kit,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  relayed: Relayed & { query: URLSearchParams },
): Promise<FastifyReply> {
  const { query } = relayed
  const followed = request.method === 'GET' ? followedIn(request, query, caller) : null
  if (followed !== null && query.get('live') === 'sse') return sendEvents(kit, request, reply, followed)
  if (followed !== null && query.get('live') === 'long-poll') {
    const offset = await waitForEvents(kit, reply, followed)
    if (offset === null) return reply.send()
    query.set('offset', offset)
  }
  return relay(kit, request, reply, { ...caller, token: await caller.streamToken() }, relayed)
}

/** Null for what the runtime has to look at: it asks for no log, or for one in a way that nobody else does. */
function followedIn({ params, headers }: FastifyRequest, query: URLSearchParams, caller: Caller): Followed | null {
  const offset = (headers['last-event-id'] as string | undefined) || query.get('offset')
  const isSimple = ['offset', 'live', 'cursor'].every((name) => query.getAll(name).length <= 1) && !query.has('offsets')
  if (offset === null || !isSimple) return null
  const { session_id: sessionId } = params as { session_id?: SessionId }
  const asked = FILTERS.filter((name) => query.has(name)).map((name) => [name, query.getAll(name)])
  // The runtime looks at it when it is asked for the first page.
  const filter = asked.length === 0 ? undefined : (Object.fromEntries(asked) as StreamFilter)
  const source = { tenantId: caller.tenantId, sessionId, filter }
  return { caller, source, offset, cursor: query.get('cursor') ?? undefined, isByEvent: false }
}

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

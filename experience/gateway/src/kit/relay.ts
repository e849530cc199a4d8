// Passing a request on to the runtime and its answer back, byte by byte and in both directions at the receiver's pace. Only
// named headers cross: what concerns one connection, one plane or one host stays on its side.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { endWith } from '../identity/credential-watch.ts'
import type { Caller } from '../identity/identity.ts'
import type { Kit } from './kit.ts'

export interface Relayed {
  method: string
  /** Below the runtime's base path, without its query. */
  path: string
  query?: URLSearchParams
  body?: Readable | string
  /** The key of a submission. */
  key?: string | undefined
}

const REQUEST_HEADERS = [
  'accept',
  'idempotency-key',
  'if-none-match',
  'if-range',
  'last-event-id',
  'prefer',
  'range',
  'traceparent',
  'tracestate',
]

const ANSWER_HEADERS = [
  'accept-ranges',
  'allow',
  'cache-control',
  'content-disposition',
  'content-length',
  'content-range',
  'content-type',
  'cross-origin-resource-policy',
  'etag',
  'last-modified',
  'preference-applied',
  'retry-after',
  'stream-closed',
  'stream-cursor',
  'stream-next-offset',
  'stream-up-to-date',
  'www-authenticate',
]

const NO_BODY_STATUSES = [204, 304]

export async function relay(
  { runtime, live, whileHolds }: Kit,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  relayed: Relayed,
): Promise<FastifyReply> {
  const gone = goneSignal(reply)
  const answer = await runtime.send({
    method: relayed.method,
    path: relayed.path + queryOf(relayed, caller),
    headers: { ...requestHeaders(request, caller), ...bodyHeaders(request, relayed.body) },
    body: relayed.body ?? null,
    signal: gone,
    key: relayed.key,
  })
  reply.code(answer.statusCode ?? 502).headers(answerHeaders(answer.headers))
  if (request.method === 'HEAD' || NO_BODY_STATUSES.includes(reply.statusCode)) {
    answer.resume()
    return reply.send()
  }
  if (!isEventStream(answer)) return reply.send(answer)
  endWith(whileHolds, caller, answer)
  reply.send(live.endingWhole(answer))
  reply.raw.flushHeaders()
  return reply
}

/** Aborts when the caller leaves before its answer was sent. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  raw.on('close', () => {
    if (!raw.writableFinished) gone.abort()
  })
  return gone.signal
}

function queryOf({ query = new URLSearchParams(), body }: Relayed, { tenantId }: Caller): string {
  // A JSON body carries the tenant itself.
  if (tenantId !== undefined && typeof body !== 'string') query.set('tenant_id', tenantId)
  return query.size === 0 ? '' : `?${query.toString()}`
}

function requestHeaders(request: FastifyRequest, { token }: Caller): Record<string, string | string[]> {
  return {
    ...pick(request.headers, REQUEST_HEADERS),
    'x-request-id': request.id,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
}

/** A body that is streamed is described by its sender; a JSON text was written here. */
function bodyHeaders({ headers }: FastifyRequest, body: Relayed['body']): Record<string, string | string[]> {
  if (body === undefined) return {}
  if (typeof body !== 'string') return pick(headers, ['content-length', 'content-type'])
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
}

/** The runtime names its own addresses; the same things are here under `/v1`. */
function answerHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const { location, link } = headers
  return {
    ...pick(headers, ANSWER_HEADERS),
    ...(location === undefined ? {} : { location: ours(location) }),
    ...(typeof link === 'string'
      ? { link: link.replaceAll(/<([^>]*)>/g, (_, target: string) => `<${ours(target)}>`) }
      : {}),
  }
}

const ours = (address: string): string => address.replace(/^\/api\//, '/v1/')

function pick(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string | string[]> {
  const picked: Record<string, string | string[]> = {}
  for (const name of names) {
    const value = headers[name]
    if (value !== undefined) picked[name] = value
  }
  return picked
}

const isEventStream = (answer: IncomingMessage): boolean =>
  answer.headers['content-type']?.startsWith('text/event-stream') === true

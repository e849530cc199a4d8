// The HTTP server that every surface stands on: its limits, its guard, its errors and its log. Bodies are not parsed here: a
// route reads the kind of body that it takes, so that an upload is never held in memory.

import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

import { ProblemError, type SiteRules, corsHeaders, refusedSite } from '@biplane/protocol'
import { LogController, fastify } from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { showsSomething } from '../identity/presented.ts'
import { PROBLEM_TYPE, sendProblem } from './problem.ts'
import type { Limits } from './rate-limit.ts'
import { createTurns } from './turns.ts'

const HEADERS_TIMEOUT_MS = 20_000
/** A whole request with its upload: 5 GiB at 1.5 MB/s. Bodies that are not uploads have a bound of their own. */
const REQUEST_TIMEOUT_MS = 60 * 60_000
const CONNECTIONS_CHECK_MS = 5_000
/** A connection on which nothing moves. Above the longest wait (60 s) and the heartbeat of streams (15 s). */
const SILENCE_MS = 120_000
const MAX_CONNECTIONS = 20_000
const MAX_HEADER_BYTES = 16 * 1024
const MAX_PARAM_CHARS = 500
/** How long the rest of a refused upload is read and thrown away, so that its sender sees the answer before the end. */
const LINGER_MS = 2_000

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export function createServer(
  rules: SiteRules,
  limits: Limits,
  logLevel: LogLevel,
  stopping: AbortSignal,
): FastifyInstance {
  const app = fastify({
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENCE_MS,
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    genReqId: () => `req_${randomUUID()}`,
    logger: { level: logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: sendProblem,
    clientErrorHandler: refuseMalformed,
  })
  app.server.maxConnections = MAX_CONNECTIONS
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  const takeTurn = createTurns()
  app.addHook('onRequest', (_request, _reply, done) => takeTurn(done))
  app.addHook('onRequest', async (request, reply) => guard(request, reply, rules))
  // Called back at once, not awaited: the head of a stream is flushed right behind it.
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.headers(limits.headersFor(request.headers))
    done(null, payload)
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({ method: request.method, path: pathOf(request), status: reply.statusCode, ms: reply.elapsedTime })
    lingerOver(request)
    // Kept alive for a next request, it would hold up the end of the server.
    if (stopping.aborted) request.raw.socket.destroySoon()
  })
  app.setErrorHandler((error, request, reply) => {
    const isFailure = isUnauthenticated(error) && showsSomething(request.headers)
    sendProblem(isFailure ? limits.afterFailure(error, request.ip) : error, request, reply)
  })
  app.setNotFoundHandler((request, reply) => sendProblem(nothingAt(request), request, reply))
  return app
}

const isUnauthenticated = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && error.code === 'unauthenticated'

/** The path without its query, which may hold what a caller entered. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? ''

export const nothingAt = (request: FastifyRequest): ProblemError =>
  new ProblemError('route_not_found', `There is nothing at ${pathOf(request)}.`)

/** @throws ProblemError method_not_allowed, with the Allow header set, if the route does not take the request's method */
export function allow(methods: readonly string[], request: FastifyRequest, reply: FastifyReply): void {
  if (methods.includes(request.method)) return
  reply.header('allow', methods.join(', '))
  throw new ProblemError('method_not_allowed', `${pathOf(request)} takes ${methods.join(' and ')}.`)
}

async function guard(request: FastifyRequest, reply: FastifyReply, rules: SiteRules): Promise<FastifyReply | void> {
  reply.headers({
    'x-request-id': request.id,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  const refused = refusedSite(request.method, request.headers, rules)
  if (refused !== null) throw refused
  const cors = corsHeaders(request.headers.origin, rules)
  if (cors === null) return
  reply.headers(cors)
  if (request.method === 'OPTIONS') return reply.code(204).send()
}

function lingerOver({ raw }: FastifyRequest): void {
  if (raw.complete || raw.destroyed) return
  raw.on('error', () => raw.destroy())
  raw.resume()
  setTimeout(() => raw.complete || raw.destroy(), LINGER_MS).unref()
}

/** What is not HTTP never becomes a request; it is answered on its socket. */
function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const problem = new ProblemError('body_invalid', `The request is not HTTP/1.1 as it is taken here: ${error.message}`)
  socket.end(rawProblem(problem))
}

/** A problem document as a whole HTTP answer, for a socket that no reply stands for. */
export function rawProblem(problem: ProblemError, requestId?: string): string {
  const body = JSON.stringify(problem.toProblem(requestId))
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}

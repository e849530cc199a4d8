// The HTTP server that every surface stands on: its limits, its guard, its errors and its log. Bodies are not parsed here: a
// route reads the kind of body that it takes, so that an upload is never held in memory.

import { randomUUID } from 'node:crypto'

import { ProblemError, type SiteRules, corsHeaders, refusedSite } from '@biplane/protocol'
import { LogController, fastify } from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { showsSomething } from '../identity/presented.ts'
import { boundBody } from './body.ts'
import { answerUnreadable, countUnderWay, lingerOver } from './connection.ts'
import { sendProblem } from './problem.ts'
import type { Limits } from './rate-limit.ts'
import type { ServerLimits } from './server-limits.ts'
import { createTurns } from './turns.ts'

const CONNECTIONS_CHECK_MS = 5_000
const MAX_PARAM_CHARS = 500

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface ServerOptions {
  rules: SiteRules
  limits: Limits
  bounds: ServerLimits
  logLevel: LogLevel
  /** Aborts when the gateway stops. */
  stopping: AbortSignal
}

export function createServer({ rules, limits, bounds, logLevel, stopping }: ServerOptions): FastifyInstance {
  const app = fastify({
    http: {
      headersTimeout: bounds.headersMsMax,
      connectionsCheckingInterval: Math.min(CONNECTIONS_CHECK_MS, bounds.headersMsMax),
      maxHeaderSize: bounds.headerBytesMax,
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
    requestTimeout: bounds.requestMsMax,
    connectionTimeout: bounds.silenceMsMax,
    keepAliveTimeout: bounds.keepAliveMsMax,
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    genReqId: () => `req_${randomUUID()}`,
    logger: { level: logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: sendProblem,
    clientErrorHandler: answerUnreadable,
  })
  app.server.maxConnections = bounds.connectionsMax
  countUnderWay(app.server, bounds.pipelinedMax)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    boundBody(payload, bounds.bodyMsMax)
    done(null, payload)
  })
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
    lingerOver(request.raw, bounds.lingerMsMax)
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

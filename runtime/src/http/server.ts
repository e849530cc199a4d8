// The HTTP server of the Runtime Plane. It knows the wire and nothing of delivery: its routes are /api/*, /health, /ready and the
// API document.

import { randomUUID } from 'node:crypto'

import { type SiteRules, ProblemError, corsHeaders, refusedSite, snapshotLink } from '@biplane/protocol'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'

import type { ServerLimits } from '../limits.ts'
import type { Runtime } from '../runtime-parts.ts'
import { asyncApiOf } from './asyncapi.ts'
import { acceptBytes, acceptJson } from './body.ts'
import { answerUnreadable, countUnderWay, dropTheRest } from './connection.ts'
import { SOCKET, serveEventSocket } from './event-socket.ts'
import { openApiOf } from './openapi.ts'
import { asProblemDocument } from './problem-of.ts'
import type { Principal } from './principal.ts'
import { type Route, answerRoute, authenticate } from './route.ts'
import { artifactRoutes } from './routes/artifact.ts'
import { eventRoutes } from './routes/events.ts'
import { executionRoutes } from './routes/execution.ts'
import { operateRoutes } from './routes/operate.ts'
import { intentRoutes } from './routes/intent.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { queryRoutes } from './routes/query.ts'
import { sessionRoutes } from './routes/session.ts'
import { snapshotRoutes } from './routes/snapshot.ts'
import { stateRoutes } from './routes/state.ts'
import { systemRoutes } from './routes/system.ts'

/** Statuses of what passes by itself. */
const RETRIED = [429, 503]
/** How often sockets are looked at whose request is late. */
const CHECK_CONNECTIONS_MS = 5_000

export const ROUTES: readonly Route[] = [
  ...sessionRoutes,
  ...intentRoutes,
  ...queryRoutes,
  ...executionRoutes,
  ...operateRoutes,
  ...eventRoutes,
  ...snapshotRoutes,
  ...stateRoutes,
  ...artifactRoutes,
  ...systemRoutes,
  ...metricsRoutes,
]

export async function createServer(runtime: Runtime, rules: SiteRules): Promise<FastifyInstance> {
  const limits = runtime.limits.server
  const app = fastify({
    ...timeoutsOf(limits),
    // The address is bounded as a whole.
    routerOptions: { maxParamLength: limits.headerBytesMax },
    frameworkErrors: (error, request, reply) => sendProblem(runtime, error, request, reply),
    http: {
      headersTimeout: limits.headersMsMax,
      connectionsCheckingInterval: Math.min(CHECK_CONNECTIONS_MS, limits.headersMsMax),
      maxHeaderSize: limits.headerBytesMax,
      // Whoever offers another protocol beside HTTP is answered in HTTP.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    clientErrorHandler: answerUnreadable,
    genReqId: () => `req_${randomUUID()}`,
    forceCloseConnections: true,
    return503OnClosing: false,
    logger: false,
  })
  app.server.maxConnections = limits.connectionsMax
  countUnderWay(app.server, limits.pipelinedMax)
  app.decorateRequest('who', null)
  runtime.metrics.http.count(app)
  app.addHook('onRequest', async (request, reply) => guard(request, reply, rules, limits))
  app.setErrorHandler((error, request, reply) => sendProblem(runtime, error, request, reply))
  app.setNotFoundHandler((request, reply) => sendProblem(runtime, notFound(request, reply), request, reply))
  acceptJson(app, { clock: runtime.clock, ms: limits.bodyMsMax })
  for (const declared of ROUTES) if (!declared.bytes) add(app, declared, runtime)
  await app.register(async (bytes) => {
    acceptBytes(bytes)
    for (const declared of ROUTES) if (declared.bytes) add(bytes, declared, runtime)
  })
  const document = openApiOf(ROUTES)
  app.get('/openapi.json', async () => document)
  const ofSocket = asyncApiOf(SOCKET.url)
  app.get('/asyncapi.json', async () => ofSocket)
  serveEventSocket(app.server, runtime, rules)
  return app
}

const timeoutsOf = ({ requestMsMax, keepAliveMsMax, silenceMsMax }: ServerLimits) => ({
  requestTimeout: requestMsMax,
  keepAliveTimeout: keepAliveMsMax,
  connectionTimeout: silenceMsMax,
})

declare module 'fastify' {
  interface FastifyRequest {
    /** Who its token says asks; null where there are no tokens. */
    who: Principal | null
  }
}

function add(app: FastifyInstance, declared: Route, runtime: Runtime): void {
  app.route({
    method: declared.method,
    url: declared.url,
    onRequest: async (request) => {
      request.who = await authenticate(declared, runtime, request)
    },
    handler: (request, reply) => answerRoute(declared, runtime, request.who, request, reply),
  })
}

/** Before anything else of a request is looked at. */
function guard(request: FastifyRequest, reply: FastifyReply, rules: SiteRules, limits: ServerLimits): void {
  if (request.raw.socket.destroyed) throw new ProblemError('rate_limited')
  reply.header('x-content-type-options', 'nosniff')
  const refused = refusedSite(request.method, request.headers, rules)
  if (refused) throw refused
  if (request.url.length > limits.urlCharsMax) {
    throw new ProblemError('url_too_long', `An address has at most ${limits.urlCharsMax} characters.`)
  }
  const cors = corsHeaders(request.headers.origin, rules)
  if (cors) reply.headers(cors)
  // A browser asks before it sends what no form could.
  if (cors && request.method === 'OPTIONS') void reply.code(204).send()
}

function sendProblem(runtime: Runtime, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = asProblemDocument(error, request.id)
  const about = { request: request.id, method: request.method, url: request.routeOptions.url, code: problem.code }
  if (problem.status >= 500)
    runtime.log.error({ ...about, error: String(error), cause: causeOf(error) }, problem.detail)
  if (RETRIED.includes(problem.status) && problem.code !== 'quota_exceeded') reply.header('retry-after', '1')
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.code === 'offset_gone') reply.header('link', snapshotLink(request.url))
  dropTheRest(request, reply, runtime.clock, runtime.limits.server.lingerMsMax)
  void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

const causeOf = (error: unknown): string | undefined =>
  error instanceof Error ? ((error.cause as Error | undefined)?.stack ?? error.stack) : undefined

function notFound(request: FastifyRequest, reply: FastifyReply): ProblemError {
  const path = request.url.split('?')[0] ?? ''
  const allowed = ROUTES.filter(({ url }) => patternOf(url).test(path)).flatMap(({ method }) =>
    methodsOf(String(method)),
  )
  if (allowed.length === 0) return new ProblemError('route_not_found', `There is nothing at ${path}.`)
  reply.header('allow', allowed.join(', '))
  return new ProblemError('method_not_allowed', `${path} takes ${allowed.join(', ')}.`)
}

/** Whatever may be read has a head. */
const methodsOf = (method: string): string[] => (method === 'GET' ? ['GET', 'HEAD'] : [method])

const patternOf = (url: string) => new RegExp(`^${url.replace(/:\w+/g, '[^/]+').replace('*', '.+')}$`)

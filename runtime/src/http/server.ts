// The HTTP server of the Runtime Plane. It knows the wire and nothing of delivery: its routes are /api/*, /health, /ready and the
// API document.

import { randomUUID } from 'node:crypto'

import { type SiteRules, ProblemError, corsHeaders, refusedSite } from '@biplane/protocol'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'

import type { Runtime } from '../runtime-parts.ts'
import { acceptBytes, acceptJson } from './body.ts'
import { type Admit, serveEventSocket } from './event-socket.ts'
import { openApiOf } from './openapi.ts'
import { asProblemDocument } from './problem-of.ts'
import { type Route, answerRoute } from './route.ts'
import { artifactRoutes } from './routes/artifact.ts'
import { eventRoutes } from './routes/events.ts'
import { executionRoutes } from './routes/execution.ts'
import { operateRoutes } from './routes/operate.ts'
import { intentRoutes } from './routes/intent.ts'
import { queryRoutes } from './routes/query.ts'
import { sessionRoutes } from './routes/session.ts'
import { stateRoutes } from './routes/state.ts'
import { systemRoutes } from './routes/system.ts'

/** From the first byte of a request to its last. An upload has as long; a streamed answer is not bounded by it. */
const REQUEST_TIMEOUT_MS = 600_000
const HEADERS_TIMEOUT_MS = 20_000
const CHECK_CONNECTIONS_MS = 5_000
const KEEP_ALIVE_MS = 72_000
const CONNECTIONS_MAX = 20_000
const URL_CHARS_MAX = 500

export const ROUTES: readonly Route[] = [
  ...sessionRoutes,
  ...intentRoutes,
  ...queryRoutes,
  ...executionRoutes,
  ...operateRoutes,
  ...eventRoutes,
  ...stateRoutes,
  ...artifactRoutes,
  ...systemRoutes,
]

export async function createServer(runtime: Runtime, rules: SiteRules): Promise<FastifyInstance> {
  const app = fastify({
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: URL_CHARS_MAX },
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CHECK_CONNECTIONS_MS },
    genReqId: () => `req_${randomUUID()}`,
    forceCloseConnections: true,
    return503OnClosing: false,
    logger: false,
  })
  app.server.maxConnections = CONNECTIONS_MAX
  app.addHook('onRequest', async (request, reply) => guard(request, reply, rules))
  app.setErrorHandler((error, request, reply) => sendProblem(runtime, error, request, reply))
  app.setNotFoundHandler((request, reply) => sendProblem(runtime, notFound(request, reply), request, reply))
  acceptJson(app)
  for (const declared of ROUTES) if (!declared.bytes) add(app, declared, runtime)
  await app.register(async (bytes) => {
    acceptBytes(bytes)
    for (const declared of ROUTES) if (declared.bytes) add(bytes, declared, runtime)
  })
  const document = openApiOf(ROUTES)
  app.get('/openapi.json', async () => document)
  serveEventSocket(app.server, runtime, admitter(runtime, rules))
  return app
}

function add(app: FastifyInstance, declared: Route, runtime: Runtime): void {
  app.route({
    method: declared.method,
    url: declared.url,
    handler: (request, reply) => answerRoute(declared, runtime, request, reply),
  })
}

/** Before anything else of a request is looked at. */
function guard(request: FastifyRequest, reply: FastifyReply, rules: SiteRules): void {
  reply.header('x-content-type-options', 'nosniff')
  const refused = refusedSite(request.method, request.headers, rules)
  if (refused) throw refused
  const cors = corsHeaders(request.headers.origin, rules)
  if (cors) reply.headers(cors)
}

const admitter =
  (runtime: Runtime, rules: SiteRules): Admit =>
  async (request) => {
    const refused = refusedSite('GET', request.headers, rules)
    if (refused) throw refused
    if (!runtime.verify) return null
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) throw new ProblemError('unauthenticated')
    const who = await runtime.verify(token)
    if (!who.scopes.includes('event:read')) throw new ProblemError('forbidden', 'The token lacks the scope event:read.')
    return who
  }

function sendProblem(runtime: Runtime, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = asProblemDocument(error, request.id)
  const about = { request: request.id, method: request.method, url: request.routeOptions.url, code: problem.code }
  if (problem.status >= 500)
    runtime.log.error({ ...about, error: String(error), cause: causeOf(error) }, problem.detail)
  if (problem.status === 429 || problem.status === 503) reply.header('retry-after', '1')
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

const causeOf = (error: unknown): string | undefined =>
  error instanceof Error ? ((error.cause as Error | undefined)?.stack ?? error.stack) : undefined

function notFound(request: FastifyRequest, reply: FastifyReply): ProblemError {
  const path = request.url.split('?')[0] ?? ''
  const allowed = ROUTES.filter(({ url }) => patternOf(url).test(path)).map(({ method }) => String(method))
  if (allowed.length === 0) return new ProblemError('route_not_found', `There is nothing at ${path}.`)
  reply.header('allow', allowed.join(', '))
  return new ProblemError('method_not_allowed', `${path} takes ${allowed.join(', ')}.`)
}

const patternOf = (url: string) => new RegExp(`^${url.replace(/:\w+/g, '[^/]+').replace('*', '.+')}$`)

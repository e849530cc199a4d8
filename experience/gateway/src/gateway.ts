// The Experience Plane as a library: createExperience({ runtimeUrl, surfaces }) is the process, and main.ts only configures it.

import { ProblemError, isLoopback } from '@biplane/protocol'
import type { FastifyInstance } from 'fastify'

import type { ExperienceOptions, SurfaceName } from './config.ts'
import { ConfigurationError } from './kit/configuration-error.ts'
import { serveTokens } from './identity/token-route.ts'
import { type Kit, type Surface, createKit } from './kit/kit.ts'
import { serveMetrics } from './kit/metrics.ts'
import { createLimits } from './kit/rate-limit.ts'
import { allow, createServer } from './kit/server.ts'
import { SERVER_LIMITS } from './kit/server-limits.ts'
import { createSockets } from './kit/sockets.ts'
import { startPage } from './kit/start-page.ts'
import { mcp } from './mcp/mcp.ts'
import { rest } from './rest/rest.ts'
import { serveSignIn } from './sign-in/routes.ts'
import { websocket } from './websocket/websocket.ts'

export { defineExperience } from './config.ts'
export type { ExperienceConfig, ExperienceOptions } from './config.ts'
export { readText } from './kit/body.ts'
export type { Kit, Surface } from './kit/kit.ts'

export interface Experience {
  /** Starts, and answers with the address once it can be called. The runtime may still be away. */
  listen(): Promise<string>
  /** Ends streams, waits for what is under way up to a bound, and lets go. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A configuration is read when it runs, so a name in it may be wrong. */
const SURFACES: Partial<Record<string, Surface>> & Record<SurfaceName, Surface> = { rest, websocket, mcp }
const DEFAULT_HOST = '127.0.0.1'
const DEFAULT_PORT = 8100
const DEFAULT_UPLOADS_FOLDER = '.biplane/uploads'
/** How long requests under way may still take when the gateway stops. */
const GRACE_MS = 5_000

/** @throws ConfigurationError if a key cannot be read, or if it would be open to other machines without knowing who calls */
export async function createExperience(options: ExperienceOptions): Promise<Experience> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT, hosts = [], origins = [], logLevel = 'warn' } = options
  const isOpen = [options.auth, options.keys, options.signIn].every((means) => means === undefined)
  if (!isLoopback(host) && isOpen) throw new ConfigurationError(unsafe(host))
  const rules = { hosts, origins }
  const stopping = new AbortController()
  const limits = createLimits(options.rate ?? {}, isOpen)
  const bounds = { ...SERVER_LIMITS, ...options.server }
  const app = createServer({ rules, limits, bounds, logLevel, stopping: stopping.signal })
  const { runtimeUrl, signIn, uploadsFolder = DEFAULT_UPLOADS_FOLDER } = options
  const sockets = createSockets(app.server, rules, limits, stopping.signal, app.log)
  const parts = { runtimeUrl, rules, sockets, limits, identity: options, signIn, uploadsFolder }
  const kit = await createKit(parts, stopping.signal, app.log)
  refuseForgeries(app, kit)
  serveStatus(app, kit)
  serveMetrics(app, kit.identity, isOpen)
  serveTokens(app, kit.identity, limits)
  serveSignIn(app, kit.identity, kit.signIn)
  for (const surface of options.surfaces) surfaceOf(surface).mount(app, kit)
  serveStartPage(app, kit)

  async function close(): Promise<void> {
    stopping.abort()
    const force = setTimeout(() => app.server.closeAllConnections(), GRACE_MS)
    await app.close()
    clearTimeout(force)
    kit.runtime.close()
  }

  return {
    async listen() {
      const url = await app.listen({ host, port })
      await kit.catalogue.keepFresh(stopping.signal)
      return url
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function surfaceOf(surface: SurfaceName | Surface): Surface {
  if (typeof surface !== 'string') return surface
  const known = SURFACES[surface]
  if (known !== undefined) return known
  throw new ConfigurationError(`There is no surface "${surface}". Use one of ${Object.keys(SURFACES).join(', ')}.`)
}

/** Before any route: what a browser was made to send by another site changes nothing, whichever surface it is for. */
function refuseForgeries(app: FastifyInstance, { signIn }: Kit): void {
  app.addHook('onRequest', async ({ method, headers }) => {
    const refused = signIn?.refusedForgery(method, headers) ?? null
    if (refused !== null) throw refused
  })
}

/** `/health`: what is needed to serve is here. `/ready`: the runtime answered when it was last asked. */
function serveStatus(app: FastifyInstance, { catalogue }: Kit): void {
  const serve = (path: string, isWell: () => boolean, otherwise: string) =>
    app.all(path, async (request, reply) => {
      allow(['GET', 'HEAD'], request, reply)
      if (!isWell()) throw new ProblemError('runtime_unavailable', otherwise)
      return { status: 'ok' }
    })
  serve('/health', () => catalogue.capabilities() !== null, "The runtime's catalogue has not been loaded yet.")
  serve('/ready', () => catalogue.isCurrent(), 'The runtime did not answer when it was last asked.')
}

/** At `/`, unless a surface has a page of its own there. */
function serveStartPage(app: FastifyInstance, { catalogue }: Kit): void {
  if (app.hasRoute({ method: 'GET', url: '/' })) return
  app.all('/', async (request, reply) => {
    allow(['GET', 'HEAD'], request, reply)
    return reply.type('text/html; charset=utf-8').send(startPage(catalogue.capabilities()))
  })
}

const unsafe = (host: string): string =>
  `The host ${host} can be reached from other machines, and nothing says who may call. Set BIPLANE_AUTH to the URL of a ` +
  'JWKS or the path of a public key, BIPLANE_KEYS to a file of API keys, or BIPLANE_OIDC_ISSUER to where people sign in; or leave ' +
  'GATEWAY_HOST at 127.0.0.1.'

// What every surface is given: who calls, what the runtime can do, and the ways to it.

import { type Client, createClient } from '@biplane/client'
import type { SiteRules } from '@biplane/protocol'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'

import { type Catalogue, createCatalogue } from './catalogue.ts'
import { ConfigurationError } from './configuration-error.ts'
import { type Caller, type Identity, createIdentity } from '../identity/identity.ts'
import { type LiveStreams, createLiveStreams } from './live-streams.ts'
import { type Upstream, createUpstream } from './upstream.ts'

export interface Kit {
  catalogue: Catalogue
  identity: Identity
  rules: SiteRules
  /** For what is passed on as it is. */
  runtime: Upstream
  live: LiveStreams
  /** Aborts when the gateway stops: what would not end by itself must end then. */
  stopping: AbortSignal
  /** For what the gateway asks itself, in the name of a caller. It does not try again: callers have the key. */
  clientOf(caller: Caller): Client
}

/** One way of delivery: it adds its routes, and holds no logic of the domain. */
export interface Surface {
  name: string
  mount(app: FastifyInstance, kit: Kit): void
}

export interface KitOptions {
  /** The runtime's address without a base path, such as `http://127.0.0.1:8000`. */
  runtimeUrl: string
  rules: SiteRules
  auth: string | undefined
  serviceKey: string | undefined
}

/** @throws ConfigurationError */
export async function createKit(options: KitOptions, stopping: AbortSignal, log: FastifyBaseLogger): Promise<Kit> {
  const url = apiOf(options.runtimeUrl)
  const open = (caller: Partial<Caller> = {}) =>
    createClient({
      url: url.href,
      retries: 0,
      ...(caller.tenantId === undefined ? {} : { tenantId: caller.tenantId }),
      ...(caller.token === undefined ? {} : { token: caller.token }),
    })
  return {
    catalogue: createCatalogue(open(), log),
    identity: await createIdentity(options.auth, options.serviceKey),
    rules: options.rules,
    runtime: createUpstream(url),
    live: createLiveStreams(stopping, log),
    stopping,
    clientOf: open,
  }
}

function apiOf(runtimeUrl: string): URL {
  const url = URL.parse('/api', runtimeUrl)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new ConfigurationError(`RUNTIME_URL=${runtimeUrl} is not an address. Use one like http://127.0.0.1:8000.`)
}

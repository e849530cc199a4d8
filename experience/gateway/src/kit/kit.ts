// What every surface is given: who calls, what the runtime can do, and the ways to it.

import { type Client, createClient } from '@biplane/client'
import type { SiteRules } from '@biplane/protocol'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'

import { Feed } from '../feed/feed.ts'
import { type Catalogue, createCatalogue } from './catalogue.ts'
import { ConfigurationError } from './configuration-error.ts'
import { type IdentityOptions, createIdentity } from '../identity/create-identity.ts'
import { type WhileHolds, createCredentialWatch } from '../identity/credential-watch.ts'
import { NOBODY } from '../identity/caller.ts'
import type { Caller, Identity } from '../identity/identity.ts'
import { trustInRuntime } from '../identity/runtime-trust.ts'
import { type LiveStreams, createLiveStreams } from './live-streams.ts'
import type { Limits } from './rate-limit.ts'
import type { Sockets } from './sockets.ts'
import { type SignIn, createSignIn } from '../sign-in/sign-in.ts'
import type { SignInOptions } from '../sign-in/sign-in-config.ts'
import { type Upstream, createUpstream } from './upstream.ts'

export interface Kit {
  catalogue: Catalogue
  identity: Identity
  /** Null if people do not sign in here. */
  signIn: SignIn | null
  /** For what stays open in a caller's name. */
  whileHolds: WhileHolds
  rules: SiteRules
  /** For what is passed on as it is. */
  runtime: Upstream
  live: LiveStreams
  /** What happens in sessions, for all who watch. */
  feed: Feed
  sockets: Sockets
  /** Where uploads that are not whole yet are kept. */
  uploadsFolder: string
  /** Aborts when the gateway stops: what would not end by itself must end then. */
  stopping: AbortSignal
  /** The same, for what comes and goes. Answers how to take it back. */
  whenStopping(end: () => void): () => void
  /** What a caller who sent these headers is told of its limits. */
  rateHeaders: Limits['headersFor']
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
  sockets: Sockets
  identity: IdentityOptions
  signIn: SignInOptions | undefined
  limits: Limits
  uploadsFolder: string
}

/** @throws ConfigurationError */
export async function createKit(options: KitOptions, stopping: AbortSignal, log: FastifyBaseLogger): Promise<Kit> {
  const url = apiOf(options.runtimeUrl)
  const clientOf = ({ tenantId, freshToken: token }: Caller) =>
    createClient({ url: url.href, retries: 0, token, ...(tenantId === undefined ? {} : { tenantId }) })
  const runtime = createUpstream(url)
  const signIn = options.signIn === undefined ? null : await createSignIn(options.signIn, log)
  const surroundings = { limits: options.limits, trust: trustInRuntime(runtime), log }
  return {
    catalogue: createCatalogue(clientOf(NOBODY), log),
    identity: await createIdentity(options.identity, signIn?.credentialIn ?? null, surroundings),
    signIn,
    whileHolds: createCredentialWatch(),
    rules: options.rules,
    runtime,
    live: createLiveStreams(stopping, log),
    feed: new Feed(`${url.href.replace(/^http/, 'ws')}/events`, stopping, log),
    sockets: options.sockets,
    uploadsFolder: options.uploadsFolder,
    stopping,
    whenStopping: endingsOf(stopping),
    rateHeaders: options.limits.headersFor,
    clientOf,
  }
}

/** One listener for all: a signal that many thousands listen to is slow to leave. */
function endingsOf(stopping: AbortSignal): Kit['whenStopping'] {
  const ends = new Set<() => void>()
  stopping.addEventListener('abort', () => ends.forEach((end) => end()))
  return (end) => {
    ends.add(end)
    return () => ends.delete(end)
  }
}

function apiOf(runtimeUrl: string): URL {
  const url = URL.parse('/api', runtimeUrl)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new ConfigurationError(`RUNTIME_URL=${runtimeUrl} is not an address. Use one like http://127.0.0.1:8000.`)
}

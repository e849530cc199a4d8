// Who calls, and with what the gateway answers for them to the runtime (docs/protocol.md §4, "At a gateway").
//
//   BIPLANE_AUTH         callers bring a token of their own; its tenant is theirs, and another one named beside it does not exist
//   BIPLANE_KEYS         programs bring an API key
//   sign-in              people bring a cookie
//   BIPLANE_SERVICE_KEY  the runtime gets a token that the gateway mints for the caller, with their scopes and bounds
//   none of them         open loopback: the tenant is the one that is named; a token is handed on as it is

import type { FastifyBaseLogger } from 'fastify'

import { ConfigurationError } from '../kit/configuration-error.ts'
import type { Limits } from '../kit/rate-limit.ts'
import { apiKeys } from './api-key.ts'
import { callerTokens } from './caller-token.ts'
import type { Identity } from './identity.ts'
import { type ReadSession, knownCallers } from './known-callers.ts'
import { openIdentity } from './open-identity.ts'
import { pageTokens } from './page-token.ts'
import type { TrustRuntime } from './runtime-trust.ts'
import { type ServiceKey, readServiceKey } from './service-key.ts'
import { DEFAULT_ISSUER, serviceTokens } from './service-token.ts'

export interface IdentityOptions {
  /** Where callers' own tokens are verified: the URL of a JWKS, or paths of public keys with commas between. */
  auth?: string | undefined
  /** What `iss` of callers' own tokens must be; undefined: anything. */
  authIssuer?: string | undefined
  /** The path of the file of API keys. */
  keys?: string | undefined
  /** The path of the Ed25519 private key with which tokens for the runtime are signed. */
  serviceKey?: string | undefined
  /** What the runtime expects as `iss`. Default `biplane-gateway`. */
  issuer?: string | undefined
}

/** `session`: reads the cookies of people who have signed in, if they do. @throws ConfigurationError */
export async function createIdentity(
  options: IdentityOptions,
  session: ReadSession | null,
  surroundings: { limits: Limits; trust: TrustRuntime; log: FastifyBaseLogger },
): Promise<Identity> {
  const { auth, authIssuer, keys, serviceKey, issuer = DEFAULT_ISSUER } = options
  const { limits, trust, log } = surroundings
  const verifyOwn = await configured('BIPLANE_AUTH', auth, (source) => callerTokens(source, authIssuer, log))
  const ofPrograms = await configured('BIPLANE_KEYS', keys, (path) => apiKeys(path, log))
  const service: ServiceKey | null = await configured('BIPLANE_SERVICE_KEY', serviceKey, readServiceKey)
  const tokens = service && serviceTokens(service, issuer)
  if (verifyOwn === null && ofPrograms === null && session === null) return openIdentity(tokens, limits)
  if (service === null || tokens === null) throw new ConfigurationError(UNTRUSTED)
  const pages = pageTokens(service, issuer, async (id) => (await ofPrograms?.holds(id)) ?? false)
  return knownCallers({ verifyOwn, keys: ofPrograms, session, pages, tokens }, limits, trust)
}

/** Makes what a variable asks for, if it does. @throws ConfigurationError that names the variable */
async function configured<T>(
  variable: string,
  value: string | undefined,
  make: (value: string) => Promise<T>,
): Promise<T | null> {
  if (value === undefined) return null
  return make(value).catch((cause: unknown) => {
    throw new ConfigurationError(`${variable}=${value} cannot be used: ${(cause as Error).message}`, { cause })
  })
}

const UNTRUSTED =
  'Callers must say who they are, but nothing could tell the runtime, which would take each for anybody. Set BIPLANE_SERVICE_KEY ' +
  'to the path of an Ed25519 private key, and BIPLANE_AUTH of the runtime to the path of its public half.'

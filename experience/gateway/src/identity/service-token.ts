// What the gateway shows to the runtime in the name of a caller (docs/protocol.md §4, "Who asks"): a token with the caller's
// tenant, subject, scopes and bounds, and no more. The runtime holds the public half of the key, so whatever reaches the runtime
// came through a gateway that knew whose it was.

import { SignJWT } from 'jose'

import { createBoundedMap } from '../kit/bounded-map.ts'
import type { Grant } from './credential.ts'
import type { ServiceKey } from './service-key.ts'

export const DEFAULT_ISSUER = 'biplane-gateway'
const AUDIENCE = 'biplane-runtime'
const TYPE = 'biplane+jwt'
/** A token for single requests. It is used for half of its life, so one that goes out has the other half before it. */
const LIFE_MS = 5 * 60_000
/** The longest that a runtime takes: for a stream or a socket, which ends with its token. */
const STREAM_LIFE_MS = 60 * 60_000
const HELD_MAX = 10_000

export interface ServiceTokens {
  /** For a request that is sent at once. */
  mint(grant: Grant): Promise<string>
  /** For what the gateway itself keeps open, for an hour; it is used for half of that. */
  mintLasting(grant: Grant): Promise<string>
  /** For what stays open: it ends after an hour, or at `endsAtMs` if that is sooner. */
  mintLong(grant: Grant, endsAtMs: number): Promise<string>
}

export function serviceTokens({ privateKey, header }: ServiceKey, issuer: string): ServiceTokens {
  const held = createBoundedMap<{ token: Promise<string>; freshUntilMs: number }>(HELD_MAX)

  const sign = (grant: Grant, expiresMs: number): Promise<string> =>
    new SignJWT(claimsOf(grant))
      .setProtectedHeader({ ...header, typ: TYPE })
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setSubject(grant.subject)
      .setIssuedAt()
      .setExpirationTime(Math.floor(expiresMs / 1000))
      .sign(privateKey)

  function keep(grant: Grant, lifeMs: number): Promise<string> {
    const key = JSON.stringify([grant.subject, lifeMs, claimsOf(grant)])
    const known = held.get(key)
    if (known !== undefined && Date.now() < known.freshUntilMs) return known.token
    const token = sign(grant, Date.now() + lifeMs)
    held.set(key, { token, freshUntilMs: Date.now() + lifeMs / 2 })
    return token
  }

  return {
    mint: (grant) => keep(grant, LIFE_MS),
    mintLasting: (grant) => keep(grant, STREAM_LIFE_MS),
    mintLong: (grant, endsAtMs) => sign(grant, Math.min(endsAtMs, Date.now() + STREAM_LIFE_MS)),
  }
}

const claimsOf = ({ tenantId, scopes, sessionId, intents, queries }: Grant) => ({
  tenant_id: tenantId,
  scope: scopes.join(' '),
  ...(sessionId === undefined ? {} : { session_id: sessionId }),
  ...(intents === undefined ? {} : { intents }),
  ...(queries === undefined ? {} : { queries }),
})

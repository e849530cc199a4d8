// The tokens of those who call the gateway (docs/protocol.md §4, "At a gateway"): verified with the keys that BIPLANE_AUTH names.

import { ProblemError } from '@biplane/protocol'
import type { FastifyBaseLogger } from 'fastify'
import { type JWTVerifyGetKey, type JWTVerifyOptions, errors, jwtVerify } from 'jose'

import { type Credential, credentialOf } from './credential.ts'
import { verifyingKeys } from './verifying-keys.ts'

export const GATEWAY_AUDIENCE = 'biplane-gateway'
/** Asymmetric only: a key that verifies must not be one that signs. */
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256']
const CLOCK_TOLERANCE_S = 5

/** @throws ProblemError unauthenticated, or keys_unavailable */
export type VerifyToken = (token: string) => Promise<Credential>

/** `source` is as `verifyingKeys` takes it; `issuer`: what `iss` must be, if it matters. @throws Error if it cannot be read */
export async function callerTokens(
  source: string,
  issuer: string | undefined,
  log: FastifyBaseLogger,
): Promise<VerifyToken> {
  const keys = await verifyingKeys(source, log)
  const options = {
    audience: GATEWAY_AUDIENCE,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp', 'sub'],
    ...(issuer === undefined ? {} : { issuer }),
  }
  return async (token) => credentialOf(await verified(token, keys, options))
}

/** The claims of a token that holds. @throws ProblemError */
export async function verified(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<unknown> {
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (error) {
    if (error instanceof ProblemError) throw error
    if (error instanceof errors.JWKSMultipleMatchingKeys) return tryEach(token, error, options)
    throw notValid(error)
  }
}

/** Several keys fit what the token says of its own: it is as good as the one that it was signed with. */
async function tryEach(token: string, keys: errors.JWKSMultipleMatchingKeys, options: JWTVerifyOptions) {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw notValid(error)
    }
  }
  throw notValid(new errors.JWSSignatureVerificationFailed())
}

const notValid = (cause: unknown): ProblemError =>
  new ProblemError('unauthenticated', `The token is not valid: ${(cause as Error).message}`, { cause })

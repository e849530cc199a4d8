// The tokens of those who call the gateway: verified with the keys that BIPLANE_AUTH names.

import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import { ProblemError, TenantId } from '@biplane/protocol'
import { type JSONWebKeySet, type JWTVerifyGetKey, createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose'

const AUDIENCE = 'biplane-gateway'
/** Asymmetric only: a key that verifies must not be one that signs. */
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256']
const CLOCK_TOLERANCE_S = 5

export interface Verified {
  tenantId: TenantId
  subject: string
}

export type VerifyToken = (token: string) => Promise<Verified>

/** `source`: the URL of a JWKS, or the path of a public key (PEM, JWK or JWKS). @throws Error if it cannot be read */
export async function callerTokens(source: string): Promise<VerifyToken> {
  const keys = /^https?:/.test(source) ? createRemoteJWKSet(new URL(source)) : keysOf(await readFile(source, 'utf8'))
  return async (token) => {
    const { payload } = await verify(token, keys).catch((cause: unknown) => {
      throw new ProblemError('unauthenticated', `The token is not valid: ${(cause as Error).message}`, { cause })
    })
    const tenant = TenantId.safeParse(payload['tenant_id'])
    if (!tenant.success) throw new ProblemError('unauthenticated', 'The token names no tenant.')
    return { tenantId: tenant.data, subject: payload.sub ?? '' }
  }
}

function verify(token: string, keys: JWTVerifyGetKey) {
  const requiredClaims = ['exp', 'sub', 'tenant_id']
  return jwtVerify(token, keys, {
    audience: AUDIENCE,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims,
  })
}

function keysOf(text: string): JWTVerifyGetKey {
  if (!text.trimStart().startsWith('{')) return always(createPublicKey(text))
  const json = JSON.parse(text) as JSONWebKeySet | JsonWebKey
  if (isKeySet(json)) return createLocalJWKSet(json)
  return always(createPublicKey({ key: json, format: 'jwk' }))
}

const isKeySet = (json: JSONWebKeySet | JsonWebKey): json is JSONWebKeySet => 'keys' in json

const always =
  (key: KeyObject): JWTVerifyGetKey =>
  async () =>
    key

// Verifies the tokens that gateways mint: a signed JWT with the tenant, the subject and the scopes.

import { readFile } from 'node:fs/promises'

import { ProblemError, TenantId } from '@biplane/protocol'
import { createRemoteJWKSet, importJWK, importSPKI, jwtVerify } from 'jose'
import type { CryptoKey, JWK, JWTVerifyGetKey, KeyObject } from 'jose'

import type { VerifyToken } from './principal.ts'

/** Asymmetric only: a runtime that could mint tokens itself would be worth more to a thief. */
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256']
const AUDIENCE = 'biplane-runtime'
const CLOCK_TOLERANCE_S = 5

/**
 * `source` is a JWKS URL, or the path of a public key (PEM, or a JWK or JWKS as JSON).
 * @throws Error if the key cannot be read
 */
export async function tokenVerifier(source: string): Promise<VerifyToken> {
  const key = /^https?:/.test(source) ? createRemoteJWKSet(new URL(source)) : await keyFrom(source)
  return async (token) => {
    const verified = await verify(token, key).catch((cause: unknown) => {
      throw new ProblemError('unauthenticated', `The token is not valid: ${(cause as Error).message}`, { cause })
    })
    const tenant = TenantId.safeParse(verified['tenant_id'])
    if (!tenant.success) throw new ProblemError('unauthenticated', 'The token names no tenant.')
    const scopes = typeof verified['scope'] === 'string' ? verified['scope'].split(' ') : []
    return { tenant: tenant.data, scopes, ...(verified.sub === undefined ? {} : { subject: verified.sub }) }
  }
}

type Key = JWTVerifyGetKey | CryptoKey | KeyObject | Uint8Array

async function verify(token: string, key: Key) {
  const options = {
    algorithms: ALGORITHMS,
    audience: AUDIENCE,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp', 'sub'],
  }
  const { payload } =
    typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options)
  return payload
}

async function keyFrom(path: string): Promise<Key> {
  const text = await readFile(path, 'utf8')
  if (!text.trimStart().startsWith('{')) return importSPKI(text, 'EdDSA')
  const json = JSON.parse(text) as JWK | { keys: JWK[] }
  const jwk = 'keys' in json ? json.keys[0] : json
  if (!jwk) throw new Error(`${path} holds no key.`)
  if (jwk.d !== undefined) throw new Error(`${path} is a private key; the runtime takes the public one alone.`)
  return importJWK(jwk, jwk.alg ?? 'EdDSA')
}

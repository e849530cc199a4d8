// Verifies the tokens that gateways mint (docs/protocol.md §4, "Tokens"). A signature costs as much as all else of a request, so a
// token that held is remembered until it expires, for a minute at most, or until the keys change.

import { ProblemError, TOKEN_CHARS_MAX } from '@biplane/protocol'
import { type JWTVerifyGetKey, errors, jwtVerify } from 'jose'

import type { Clock } from '../engine/ports.ts'
import type { Principal, VerifyToken } from './principal.ts'
import { CLOCK_TOLERANCE_S, principalIn, refused } from './token-claims.ts'
import { keysAt, keysInFile } from './trusted-keys.ts'

const TYPE = 'biplane+jwt'
const AUDIENCE = 'biplane-runtime'
/** Asymmetric only: a runtime that could mint tokens itself would be worth more to a thief. */
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256']
const REMEMBERED_MAX = 10_000
const REMEMBERED_MS_MAX = 60_000

interface TokenOptions {
  /** A JWKS URL, or the path of a file with public keys: PEM, or a JWK or JWKS as JSON. */
  source: string
  issuer: string
  clock: Pick<Clock, 'now'>
}

/** @throws Error if a file cannot be read, or holds what is not a public key */
export async function tokenVerifier({ source, issuer, clock }: TokenOptions): Promise<VerifyToken> {
  const keys = /^https?:/.test(source) ? keysAt(new URL(source)) : await keysInFile(source, clock)
  const remembered = new Map<string, { who: Principal; until_ms: number }>()
  let by: JWTVerifyGetKey | null = null
  return async (token) => {
    if (token.length > TOKEN_CHARS_MAX) throw refused(`it has more than ${TOKEN_CHARS_MAX} characters`)
    const find = await keys()
    if (find !== by) remembered.clear()
    by = find
    const known = remembered.get(token)
    if (known && clock.now() < known.until_ms) return known.who
    const who = await verify(token, find, issuer, clock.now())
    if (remembered.size >= REMEMBERED_MAX) remembered.clear()
    const until_ms = Math.min(who.expires_ms ?? 0, clock.now() + REMEMBERED_MS_MAX)
    if (find === by) remembered.set(token, { who, until_ms })
    return who
  }
}

async function verify(token: string, find: JWTVerifyGetKey, issuer: string, now_ms: number): Promise<Principal> {
  const options = {
    typ: TYPE,
    algorithms: ALGORITHMS,
    audience: AUDIENCE,
    issuer,
    clockTolerance: CLOCK_TOLERANCE_S,
    currentDate: new Date(now_ms),
    requiredClaims: ['exp', 'iat', 'sub', 'tenant_id'],
  }
  try {
    const { payload } = await jwtVerify(token, find, options)
    return principalIn(payload, now_ms)
  } catch (error) {
    throw error instanceof ProblemError ? error : refused(reasonOf(error), error)
  }
}

/** In words that say what to mend, and nothing of the keys. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error)
  if (error instanceof errors.JOSEAlgNotAllowed) return `its algorithm is none of ${ALGORITHMS.join(', ')}`
  if (error instanceof errors.JWKSNoMatchingKey) return 'it is signed with a key that is not trusted here'
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'several keys are trusted here, and its kid names none'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is not of the key that it names'
  return 'it is not a signed JWT'
}

function claimReason({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `it has no ${claim}`
  if (claim === 'typ') return `its typ is not ${TYPE}`
  if (claim === 'aud') return `its aud is not ${AUDIENCE}`
  if (claim === 'iss') return 'it is of an issuer that is not trusted here'
  if (claim === 'nbf') return 'it is not valid yet'
  return `its ${claim} does not fit`
}

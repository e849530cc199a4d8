// What a token must hold (docs/protocol.md §4, "Tokens"), and the principal that it makes.

import { ProblemError, SessionId, TenantId, TypeName, hasCleanText } from '@biplane/protocol'
import * as z from 'zod'

import type { Principal } from './principal.ts'

/** From `iat` to `exp`: what was minted wrongly or stolen is worth no more than this. */
const LIFETIME_S_MAX = 3_600
/** How far the clocks of who mints and of this machine may be apart. */
export const CLOCK_TOLERANCE_S = 5
const TYPES_MAX = 50

const Types = z.array(TypeName).max(TYPES_MAX)

const Claims = z.object({
  // It goes into the log, where no store keeps other text unchanged.
  sub: z.string().min(1).max(200).refine(hasCleanText, 'holds text that cannot be stored'),
  tenant_id: TenantId,
  scope: z.string().max(1_000),
  session_id: SessionId.optional(),
  intents: Types.optional(),
  queries: Types.optional(),
  iat: z.number(),
  exp: z.number(),
})

/** Of claims whose signature, issuer, audience and times hold. @throws ProblemError unauthenticated, saying what does not fit */
export function principalIn(claims: unknown, now_ms: number): Principal {
  const parsed = Claims.safeParse(claims)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw refused(`its claim ${issue?.path.join('.')} does not fit: ${issue?.message}`)
  }
  const { sub, tenant_id, scope, session_id, intents, queries, iat, exp } = parsed.data
  if (iat > now_ms / 1000 + CLOCK_TOLERANCE_S) throw refused('it was issued in the future')
  if (exp - iat > LIFETIME_S_MAX) throw refused(`it lives longer than ${LIFETIME_S_MAX} seconds`)
  return {
    tenant: tenant_id,
    subject: sub,
    scopes: scope.split(' ').filter((word) => word !== ''),
    ...(session_id === undefined ? {} : { session: session_id }),
    ...(intents === undefined ? {} : { intents }),
    ...(queries === undefined ? {} : { queries }),
    expires_ms: (exp + CLOCK_TOLERANCE_S) * 1000,
  }
}

export const refused = (why: string, cause?: unknown): ProblemError =>
  new ProblemError('unauthenticated', `The token is not taken: ${why}.`, { cause })

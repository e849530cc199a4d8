// What a caller has shown, once it has been found to hold: whose it is, what it allows, and until when.

import { ProblemError, SessionId, TenantId, TypeName, fieldErrors } from '@biplane/protocol'
import * as z from 'zod'

import { DEFAULT_ROLE, Role, SCOPES, type Scope, scopesOf } from './role.ts'

/** The bounds that a token for the runtime has (docs/protocol.md §4). */
export interface Grant {
  tenantId: TenantId
  /** Who acts, as the log names them: 1–200 characters. */
  subject: string
  scopes: readonly Scope[]
  /** If it is there, nothing but this session is seen. */
  sessionId?: SessionId | undefined
  /** The types that may be submitted; undefined: all. */
  intents?: readonly string[] | undefined
  /** The types that may be asked; undefined: all. */
  queries?: readonly string[] | undefined
}

export interface Credential extends Grant {
  /** Undefined where scopes were given one by one. */
  role: Role | undefined
  /** Milliseconds since 1970; Infinity: until it is revoked. */
  endsAtMs: number
  /** The API key that it is, or was made with. */
  keyId?: string | undefined
  /** Of a token that was made by the gateway: when the last that is made from it ends. */
  chainEndsAtMs?: number | undefined
  /** Whether it may still be used: its time is not over, and nobody has revoked it. */
  holds(): Promise<boolean>
}

const TYPES_MAX = 50
export const Types = z.array(TypeName).max(TYPES_MAX)
export const Subject = z.string().min(1).max(200)

/** What a token must say of its bearer, whoever signed it. Scopes that are not known here are not had. */
const Claims = z.object({
  tenant_id: TenantId,
  sub: Subject,
  exp: z.number(),
  role: Role.optional(),
  scope: z.string().optional(),
  session_id: SessionId.optional(),
  intents: Types.optional(),
  queries: Types.optional(),
})

/** @throws ProblemError unauthenticated if a claim is missing or cannot be understood: no bound is ever ignored */
export function credentialOf(payload: unknown): Credential {
  const parsed = Claims.safeParse(payload)
  if (!parsed.success) {
    const [first] = fieldErrors(parsed.error)
    throw new ProblemError('unauthenticated', `The token is not valid: ${first?.path} ${first?.message}.`)
  }
  const { tenant_id: tenantId, sub: subject, exp, role, scope, session_id: sessionId, intents, queries } = parsed.data
  const isByScope = role === undefined && scope !== undefined
  const endsAtMs = exp * 1000
  return {
    tenantId,
    subject,
    role: isByScope ? undefined : (role ?? DEFAULT_ROLE),
    scopes: isByScope ? scopesIn(scope) : scopesOf(role ?? DEFAULT_ROLE),
    sessionId,
    intents,
    queries,
    endsAtMs,
    holds: async () => Date.now() < endsAtMs,
  }
}

function scopesIn(text: string): Scope[] {
  const named = text.split(' ')
  return SCOPES.filter((scope) => named.includes(scope))
}

// A caller as the surfaces know them, and the tokens with which the runtime is asked in their name.

import { ProblemError, type SessionId, type TenantId } from '@biplane/protocol'

import type { Credential } from './credential.ts'
import { type Role, type Scope, scopesOf } from './role.ts'
import type { ServiceTokens } from './service-token.ts'

export interface Caller {
  /** Undefined if none is named, on open loopback alone; the runtime then knows it from the token, or refuses. */
  tenantId: TenantId | undefined
  /** Who acts, as the log names them; undefined on open loopback. */
  subject: string | undefined
  /** Undefined where scopes were given one by one, and for nobody. */
  role: Role | undefined
  scopes: readonly Scope[]
  /** The only session that they see; undefined: all of the tenant's. */
  sessionId: SessionId | undefined
  /** For a request to the runtime that is sent at once; undefined if the runtime asks for none. */
  token: string | undefined
  /** The same, for later. @throws ProblemError unauthenticated once what they showed has ended or was revoked */
  freshToken(): Promise<string | undefined>
  /** For what stays open: a stream or a socket. It lasts as long as what they showed, up to an hour. @throws as freshToken */
  streamToken(): Promise<string | undefined>
  /** Whether what they showed may still be used. */
  holds(): Promise<boolean>
  /** How the gateway itself is told what happens, for them and others. */
  feed: FeedGrant
}

export interface FeedGrant {
  /** Callers with the same are told the same. */
  of: string
  token(): Promise<string | undefined>
}

/** Who asks for what is open to everybody. */
export const NOBODY: Caller = { ...withToken(undefined), role: undefined, scopes: [] }

export async function callerOf(credential: Credential, tokens: ServiceTokens): Promise<Caller> {
  const { tenantId, subject, role, scopes, sessionId, endsAtMs } = credential
  async function stillHolding(): Promise<Credential> {
    if (await credential.holds()) return credential
    throw new ProblemError('unauthenticated', 'What was shown at the beginning has ended, or was revoked.')
  }
  return {
    tenantId,
    subject,
    role,
    scopes,
    sessionId,
    token: await tokens.mint(credential),
    freshToken: async () => tokens.mint(await stillHolding()),
    streamToken: async () => tokens.mintLong(await stillHolding(), endsAtMs),
    holds: () => credential.holds(),
    feed: feedOf(tenantId, tokens),
  }
}

/** The gateway reads a tenant's logs in its own name. Who is told of one has shown that they may read it. */
const feedOf = (tenantId: TenantId, tokens: ServiceTokens): FeedGrant => ({
  of: `tenant ${tenantId}`,
  token: () => tokens.mintLasting({ tenantId, subject: 'gateway', scopes: ['event:read'] }),
})

/** Open loopback, with a runtime that trusts this gateway: everybody may do everything, as any tenant. */
export async function anonymous(tenantId: TenantId, tokens: ServiceTokens): Promise<Caller> {
  const credential = { tenantId, subject: 'anonymous', role: 'admin', scopes: scopesOf('admin') } as const
  const caller = await callerOf({ ...credential, endsAtMs: Infinity, holds: async () => true }, tokens)
  return { ...caller, subject: undefined }
}

/** Open loopback: whatever stands in the request is handed on. */
export const unknown = (tenantId: TenantId | undefined, token: string | undefined): Caller => ({
  ...withToken(token),
  tenantId,
})

function withToken(token: string | undefined): Caller {
  const given = async () => token
  return {
    tenantId: undefined,
    subject: undefined,
    role: 'admin',
    scopes: scopesOf('admin'),
    sessionId: undefined,
    token,
    freshToken: given,
    streamToken: given,
    holds: async () => true,
    feed: { of: `token ${token ?? ''}`, token: given },
  }
}

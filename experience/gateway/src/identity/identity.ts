// Who calls, and with what the gateway answers for them to the runtime (docs/protocol.md §4, "Who asks").
//
//   BIPLANE_AUTH         callers bring a token of ours; its tenant is theirs, and another one named beside it does not exist
//   BIPLANE_SERVICE_KEY  the runtime gets a token that the gateway mints for the caller's tenant
//   neither              open loopback: the tenant is the one that is named; a token is handed on as it is

import type { IncomingHttpHeaders } from 'node:http'

import { ProblemError, TenantId } from '@biplane/protocol'

import { type VerifyToken, callerTokens } from './caller-token.ts'
import { ConfigurationError } from '../kit/configuration-error.ts'
import { serviceTokens } from './service-token.ts'

export interface Caller {
  /** Undefined if none is named; the runtime then knows it from the token, or refuses. */
  tenantId: TenantId | undefined
  /** Who the token is of; undefined on open loopback. */
  subject: string | undefined
  /** For the runtime. */
  token: string | undefined
}

export interface Identity {
  /**
   * `headers`: of the request, or of the upgrade that opened a socket. `named`: the tenant_id that stands in the request.
   * @throws ProblemError unauthenticated, tenant_required, body_invalid, or session_not_found for another's tenant
   */
  resolve(headers: IncomingHttpHeaders, named: unknown): Promise<Caller>
}

const ANONYMOUS = 'anonymous'

/** @throws ConfigurationError */
export async function createIdentity(auth: string | undefined, serviceKey: string | undefined): Promise<Identity> {
  const verify = auth === undefined ? null : await configured('BIPLANE_AUTH', auth, callerTokens)
  const mint = serviceKey === undefined ? null : await configured('BIPLANE_SERVICE_KEY', serviceKey, serviceTokens)

  return {
    async resolve({ authorization }, named) {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
      const caller = verify
        ? await verified(verify, token, named)
        : { tenantId: namedTenant(named), subject: undefined }
      if (!mint) return { ...caller, token: verify ? undefined : token }
      if (caller.tenantId === undefined) throw new ProblemError('tenant_required')
      return { ...caller, token: await mint(caller.tenantId, caller.subject ?? ANONYMOUS) }
    },
  }
}

/** Makes what a variable asks for. @throws ConfigurationError that names the variable */
async function configured<T>(variable: string, value: string, make: (value: string) => Promise<T>): Promise<T> {
  return make(value).catch((cause: unknown) => {
    throw new ConfigurationError(`${variable}=${value} cannot be used: ${(cause as Error).message}`, { cause })
  })
}

async function verified(verify: VerifyToken, token: string | undefined, named: unknown) {
  if (token === undefined) throw new ProblemError('unauthenticated')
  const caller = await verify(token)
  if (named !== undefined && named !== caller.tenantId) throw new ProblemError('session_not_found')
  return caller
}

function namedTenant(named: unknown): TenantId | undefined {
  if (named === undefined) return undefined
  const parsed = TenantId.safeParse(named)
  if (parsed.success) return parsed.data
  const errors = [{ path: 'tenant_id', message: parsed.error.issues[0]?.message ?? 'is not a tenant' }]
  throw new ProblemError('body_invalid', 'tenant_id is not the name of a tenant.', { errors })
}

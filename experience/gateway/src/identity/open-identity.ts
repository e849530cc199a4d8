// Open loopback: nobody is asked who they are, and the tenant is the one that stands in the request.

import { ProblemError, TenantId } from '@biplane/protocol'

import type { Limits } from '../kit/rate-limit.ts'
import { anonymous, unknown } from './caller.ts'
import type { Identity } from './identity.ts'
import type { ServiceTokens } from './service-token.ts'

/** `tokens`: for a runtime that asks for them; null: what stands in the request is handed on. */
export function openIdentity(tokens: ServiceTokens | null, limits: Limits): Identity {
  return {
    authenticate: async () => null,
    async resolve(headers, named) {
      const tenantId = namedTenant(named)
      limits.take(headers, tenantId, undefined)
      if (tokens === null) return unknown(tenantId, /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1])
      if (tenantId === undefined) throw new ProblemError('tenant_required')
      return anonymous(tenantId, tokens)
    },
    pages: null,
  }
}

function namedTenant(named: unknown): TenantId | undefined {
  if (named === undefined) return undefined
  const parsed = TenantId.safeParse(named)
  if (parsed.success) return parsed.data
  const errors = [{ path: 'tenant_id', message: parsed.error.issues[0]?.message ?? 'is not a tenant' }]
  throw new ProblemError('body_invalid', 'tenant_id is not the name of a tenant.', { errors })
}

// The query of an address.

import { ProblemError } from '@biplane/protocol'
import type { FastifyRequest } from 'fastify'

export function queryOf({ url }: FastifyRequest): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
}

/** The tenant that a query names. @throws ProblemError duplicate_fields_differ */
export function tenantIn(query: URLSearchParams): string | undefined {
  const [tenant, ...others] = new Set(query.getAll('tenant_id'))
  if (others.length === 0) return tenant
  throw new ProblemError('duplicate_fields_differ', 'tenant_id is given twice with different values.')
}

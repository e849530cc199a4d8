// A log as somebody reads it: of a session, or of all that is in a tenant; the whole of it, or what fits a filter.

import { ProblemError, type SessionId, type StreamFilter, type TenantId } from '@biplane/protocol'

export interface Source {
  tenantId: TenantId | undefined
  /** Undefined: everything in the tenant. */
  sessionId: SessionId | undefined
  /** Undefined: all of it. */
  filter: StreamFilter | undefined
}

/** The same for all who read the same. */
export const keyOf = ({ tenantId, sessionId, filter }: Source): string =>
  JSON.stringify([tenantId, sessionId, filter?.type, filter?.kind, filter?.realm])

/** Where the runtime has its pages, behind an offset. @throws ProblemError tenant_required */
export function pageAddressOf({ tenantId, sessionId, filter = {} }: Source, offset: string): string {
  const query = new URLSearchParams({ offset })
  if (tenantId !== undefined) query.set('tenant_id', tenantId)
  for (const [name, values] of Object.entries(filter)) for (const value of values ?? []) query.append(name, value)
  if (sessionId === undefined && tenantId === undefined) throw new ProblemError('tenant_required')
  const log = sessionId === undefined ? `/tenant/${tenantId}` : `/session/${encodeURIComponent(sessionId)}`
  return `${log}/events?${query.toString()}`
}

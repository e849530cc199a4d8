// Who calls over stdio: whoever started this process, with what its environment says. It talks to a gateway or a runtime over
// HTTP, as every client does, and tries again what is safe to: there is no one behind it who would.

import { createClient } from '@biplane/client'
import { ProblemError, TenantId, parsedOr } from '@biplane/protocol'

import type { Trace, Way } from './call.ts'
import type { Door } from './station.ts'

export interface StdioPlace {
  /** Where the protocol's paths begin: `…/v1` of a gateway, `…/api` of a runtime. */
  url: string
  /** Undefined: the token says it, or each call does. */
  tenantId: string | undefined
  /** A token or an API key. */
  token: string | undefined
}

export function doorOfPlace({ url, tenantId, token }: StdioPlace, trace: Trace): Door {
  function wayOf(tenant: string | undefined): Way {
    const client = createClient({
      url,
      ...(tenant === undefined ? {} : { tenantId: tenant }),
      ...(token === undefined ? {} : { token }),
    })
    const newSession = async (key: string) =>
      (await client.createSession({ idempotencyKey: `${key}.session` })).session_id
    return { tenantId: tenant, client, newSession }
  }
  const own = wayOf(tenantId)
  return {
    trace,
    tenantArgument: tenantId !== undefined ? 'none' : token === undefined ? 'required' : 'optional',
    async wayFor(named) {
      if (named === undefined || named === tenantId) return own
      if (tenantId !== undefined) throw new ProblemError('session_not_found', 'This process is for another tenant.')
      return wayOf(parsedOr(TenantId, named, 'body_invalid', 'tenant_id'))
    },
  }
}

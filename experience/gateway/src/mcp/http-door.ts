// Who calls over HTTP. The connection says whose it is: by what it shows of itself, or on open loopback by `?tenant_id=` in its
// address; else each call says so.

import { ProblemError } from '@biplane/protocol'
import type { FastifyRequest } from 'fastify'

import type { Caller } from '../identity/identity.ts'
import type { Kit } from '../kit/kit.ts'
import { makeSession } from '../kit/session.ts'
import type { Way } from './call.ts'
import type { Door } from './station.ts'

/** @throws ProblemError, as `Identity.resolve` does */
export async function doorFor(kit: Kit, request: FastifyRequest): Promise<Door> {
  const caller = await callerOf(kit, request)
  const tenant = caller?.tenantId
  return {
    trace: { requestId: request.id, log: request.log },
    tenantArgument: tenant !== undefined ? 'none' : caller?.token === undefined ? 'required' : 'optional',
    async wayFor(named) {
      if (caller !== null && (named === undefined || named === tenant)) return wayOf(kit, caller)
      if (tenant !== undefined) throw new ProblemError('session_not_found', 'This connection is for another tenant.')
      return wayOf(kit, await kit.identity.resolve(request.headers, named))
    },
  }
}

/** Null if nobody is named yet and somebody must be: who connects may list the tools all the same. */
async function callerOf({ identity }: Kit, request: FastifyRequest): Promise<Caller | null> {
  try {
    return await identity.resolve(request.headers, tenantIn(request))
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'tenant_required') return null
    throw error
  }
}

function tenantIn({ url }: FastifyRequest): string | undefined {
  const query = new URLSearchParams(url.split('?', 2)[1])
  const [tenant, ...others] = new Set(query.getAll('tenant_id'))
  if (others.length === 0) return tenant
  throw new ProblemError('duplicate_fields_differ', 'tenant_id is given twice with different values.')
}

function wayOf(kit: Kit, caller: Caller): Way {
  const client = kit.clientOf(caller)
  return { tenantId: caller.tenantId, client, newSession: (key) => makeSession(client, caller, key) }
}

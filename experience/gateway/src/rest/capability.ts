// The one route of every capability (docs/protocol.md §7): its address is looked up in the catalogue; what the caller gave is
// put into the wire's envelope; and the runtime's answer is the answer.

import { mintIntentId } from '@biplane/client'
import { type Capability, ProblemError } from '@biplane/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { isFlat, refuseMisfit } from '../kit/capability.ts'
import { type Envelope, requestKey } from '../kit/envelope.ts'
import type { Caller } from '../identity/identity.ts'
import type { Kit } from '../kit/kit.ts'
import { relay } from '../kit/relay.ts'
import { allow, nothingAt, pathOf } from '../kit/server.ts'
import { makeSession } from '../kit/session.ts'
import { readInput } from './input.ts'

export async function serveCapability(kit: Kit, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const capability = kit.catalogue.at(pathOf(request))
  if (capability === undefined) throw missing(kit, request)
  allow(methodsOf(capability), request, reply)
  return capability.kind === 'query' ? ask(kit, capability, request, reply) : submit(kit, capability, request, reply)
}

export function methodsOf(capability: Capability): string[] {
  return capability.kind === 'query' && isFlat(capability) ? ['GET', 'HEAD', 'POST'] : ['POST']
}

async function submit(kit: Kit, capability: Capability, request: FastifyRequest, reply: FastifyReply) {
  const { caller, envelope, payload } = await readInput(kit, capability, request, reply)
  const { intent_id, key } = keyOf(request, envelope)
  const session_id = envelope.session_id ?? (await sessionFor(kit, capability, caller, payload, key))
  const body = JSON.stringify({
    intent_type: capability.type,
    realm: capability.realm,
    session_id,
    tenant_id: caller.tenantId,
    payload,
    intent_id,
  })
  return relay(kit, request, reply, caller, { method: 'POST', path: '/intent/submit', body, key })
}

/** The key under which this can be asked for again: the caller's, or one that is minted here. */
function keyOf({ headers }: FastifyRequest, { intent_id }: Envelope): { intent_id: string | undefined; key: string } {
  const given = requestKey(headers['idempotency-key'] as string | undefined, intent_id)
  if (given !== undefined) return { intent_id, key: given }
  const minted = mintIntentId()
  return { intent_id: minted, key: minted }
}

/** Looks at the payload first, so that one which the runtime would refuse leaves no empty session behind. */
async function sessionFor(kit: Kit, capability: Capability, caller: Caller, payload: unknown, key: string) {
  refuseMisfit(capability, payload)
  return makeSession(kit.clientOf(caller), caller, key)
}

async function ask(kit: Kit, capability: Capability, request: FastifyRequest, reply: FastifyReply) {
  const { caller, envelope, payload } = await readInput(kit, capability, request, reply)
  const body = JSON.stringify({
    query_type: capability.type,
    realm: capability.realm,
    // Whoever is bound to a session asks about that one.
    session_id: envelope.session_id ?? caller.sessionId,
    tenant_id: caller.tenantId,
    payload,
  })
  return relay(kit, request, reply, caller, { method: 'POST', path: '/query', body })
}

function missing(kit: Kit, request: FastifyRequest): ProblemError {
  if (kit.catalogue.capabilities() !== null) return nothingAt(request)
  return new ProblemError(
    'runtime_unavailable',
    'The runtime has not been reached yet, so its capabilities are not known.',
  )
}

// Logs over HTTP (docs/protocol.md §6): a session's, and everything in a tenant.

import { ReadStream, TenantId } from '@biplane/protocol'
import * as z from 'zod'

import { filterOf } from '../../streams/event-filter.ts'
import { answerStream } from '../../streams/http/answer-stream.ts'
import { PACE } from '../../streams/http/reading.ts'
import type { EventStream } from '../../streams/gather.ts'
import { withOffsets } from '../../streams/with-offsets.ts'
import { msLeft } from '../principal.ts'
import { type Asked, type Route, route } from '../route.ts'
import { OfSession, OfTenant, requireSession } from './session.ts'

const Read = OfTenant.extend(ReadStream.shape)
const answer = { status: 200, description: 'A JSON array of events, or text/event-stream.' }

export const eventRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/session/:session_id/events',
    summary:
      'Reads the log of a session: what is there, what comes next (live=long-poll), or both as server-sent events',
    access: { scope: 'event:read', notFound: 'session_not_found', bound: 'own' },
    params: OfSession,
    query: Read,
    answer,
    async handle(asked) {
      const { session_id } = await requireSession(asked)
      const { streams, realms } = asked.runtime
      return read(asked, streams.open(session_id, filterOf(asked.query, realms)))
    },
  }),
  route({
    method: 'GET',
    url: '/api/tenant/:tenant_id/events',
    summary: 'Reads everything in a tenant, in the order of commits',
    access: { scope: 'event:read', notFound: 'session_not_found', bound: 'nothing' },
    params: z.object({ tenant_id: TenantId }),
    query: Read,
    answer,
    handle(asked) {
      const { tenantStreams, realms } = asked.runtime
      return read(asked, tenantStreams.open(asked.who.tenant, filterOf(asked.query, realms)))
    },
  }),
]

type AskedRead = Asked<z.output<typeof Read>, unknown, unknown>

async function read({ runtime, request, reply, query, who }: AskedRead, log: EventStream): Promise<unknown> {
  const { clock, random, stopping } = runtime
  const reading = { request, reply, clock, random, stopping, msLeft: msLeft(who, clock.now()), pace: PACE }
  try {
    return await answerStream(query.offsets ? withOffsets(log) : log, query, reading)
  } catch (error) {
    // No problem document can tell of it any more; the reader comes back with its offset.
    if (reply.sent) runtime.log.error({ error: String(error) }, 'a stream broke off')
    throw error
  }
}

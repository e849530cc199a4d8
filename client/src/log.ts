// A log as somebody reads it: of a session, or of everything in the tenant; the whole of it, or what fits a filter. In the words of the
// wire, since it is sent as it stands; as a text it is the name under which its readers share what comes.

import { offsetOf } from '@biplane/protocol'
import type { Event, EventKind } from '@biplane/protocol'

import { tenantRequired } from './error.ts'
import { pathOf } from './sessions.ts'
import type { WireRequest } from './transport.ts'

/** Only events that fit each of these lists, of at most 20 values; an empty one is as none. */
export interface EventFilter {
  type?: readonly string[]
  kind?: readonly EventKind[]
  /** Of their executions. What is of no execution is of no realm. */
  realm?: readonly string[]
}

export interface Log {
  /** Undefined: everything in the tenant. */
  session_id?: string | undefined
  /** Undefined: all of it. */
  filter?: EventFilter
}

export interface Followed<E = Event> {
  event: E
  /** Behind this event: pass it to follow on from here. */
  offset: string
}

/** The same, however its filter was written. */
export function logOf(session_id?: string, { type = [], kind = [], realm = [] }: EventFilter = {}): Log {
  const lists = Object.entries({ type, kind, realm }).filter(([, values]) => values.length > 0)
  return { session_id, ...(lists.length > 0 && { filter: Object.fromEntries(lists) as EventFilter }) }
}

/** @throws BiplaneError tenant_required */
export function readRequest(
  { session_id, filter }: Log,
  tenantId: string | undefined,
  query: WireRequest['query'],
): Pick<WireRequest, 'path' | 'query'> {
  if (session_id !== undefined) return { path: `${pathOf(session_id)}/events`, query: { ...query, ...filter } }
  if (tenantId === undefined) throw tenantRequired()
  return { path: `/tenant/${encodeURIComponent(tenantId)}/events`, query: { ...query, ...filter, offsets: 'true' } }
}

/** What an answer to that has: an event of a session says its place there itself, of a tenant's it is told beside it. */
export const followedIn = ({ session_id }: Log, answer: unknown): Followed[] =>
  session_id === undefined
    ? (answer as Followed[])
    : (answer as Event[]).map((event) => ({ event, offset: offsetOf(event.seq) }))

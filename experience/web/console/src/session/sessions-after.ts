// The sessions of a tenant, as pages of them and the events behind tell.

import type { Event, Session } from '@biplane/protocol'

/** Newest first. `sessions` are as they were when they were read, and may have more in them than the events begin with. */
export function sessionsAfter(sessions: readonly Session[], events: readonly Event[]): Session[] {
  const known = new Map(sessions.map((session) => [session.session_id, session]))
  for (const event of events) {
    if (event.kind !== 'session') continue
    const { session_id } = event
    const before = known.get(session_id)
    const after = before === undefined ? begunBy(event) : { ...before, status: statusAfter(before.status, event.type) }
    if (after !== null) known.set(session_id, after)
  }
  return [...known.values()].sort((a, b) => (a.session_id > b.session_id ? -1 : 1))
}

type SessionEvent = Extract<Event, { kind: 'session' }>

function begunBy(event: SessionEvent): Session | null {
  if (event.type !== 'session.created') return null
  const { session_id, time: created_at, data } = event
  const { tenant_id, user_id, metadata } = data
  const about = { ...(user_id !== undefined && { user_id }), ...(metadata !== undefined && { metadata }) }
  return { session_id, tenant_id, ...about, status: 'open', created_at }
}

/** What is closed stays so, whatever came before that. */
function statusAfter(status: Session['status'], type: SessionEvent['type']): Session['status'] {
  if (status === 'closed' || type === 'session.created') return status
  return type === 'session.closed' ? 'closed' : 'closing'
}

// Sessions: one line of work inside a tenant, with one log.

import type { Page, Session } from '@biplane/protocol'

import type { CallOptions, Transport } from './transport.ts'

export interface NewSession extends CallOptions {
  userId?: string
  metadata?: Record<string, unknown>
  /** The same key finds the same session again. One is made if none is given, so that a lost answer makes no second session. */
  idempotencyKey?: string
}

export interface PageOptions extends CallOptions {
  /** The `next` of the page before. */
  after?: string
  /** 1–200, default 50. */
  limit?: number
}

export const sessionCalls = ({ json }: Transport) => ({
  async createSession({ userId, metadata, idempotencyKey, signal }: NewSession = {}): Promise<Session> {
    const key = idempotencyKey ?? crypto.randomUUID()
    const { session } = await json<{ session: Session }>({
      method: 'POST',
      path: '/session/create',
      headers: { 'idempotency-key': key },
      json: { user_id: userId, metadata },
      key,
      signal,
    })
    return session
  },

  async session(sessionId: string, { signal }: CallOptions = {}): Promise<Session> {
    const { session } = await json<{ session: Session }>({ method: 'GET', path: pathOf(sessionId), signal })
    return session
  },

  /** Newest first. */
  sessions({ after, limit, signal }: PageOptions = {}): Promise<Page<Session>> {
    return json({ method: 'GET', path: '/session', query: { after, limit }, signal })
  },

  /** Takes no more intents; `closing` until its last execution ends. */
  async closeSession(sessionId: string, { reason, signal }: { reason?: string } & CallOptions = {}): Promise<Session> {
    const path = `${pathOf(sessionId)}/close`
    const { session } = await json<{ session: Session }>({ method: 'POST', path, json: { reason }, signal })
    return session
  },
})

export const pathOf = (sessionId: string): string => `/session/${encodeURIComponent(sessionId)}`

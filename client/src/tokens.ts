// Tokens of a gateway for a page, a follower or another program: short-lived, and never for more than whoever asks may do.

import type { CallOptions, Transport } from './transport.ts'

export interface NewToken extends CallOptions {
  /** Nothing but this session is seen and touched. */
  sessionId?: string
  /** Default: `event:read`. */
  scopes?: readonly string[]
  /** The only intents that it submits. */
  intents?: readonly string[]
  /** The only queries that it asks. */
  queries?: readonly string[]
  /** Default 600; at most 3,600. */
  expiresInSeconds?: number
}

export interface IssuedToken {
  token: string
  /** RFC 3339. */
  expires_at: string
}

export const tokenCalls = ({ json }: Transport) => ({
  /** Of a gateway that asks its callers who they are. @throws BiplaneError token_not_needed of one that does not */
  createToken(wish: NewToken = {}): Promise<IssuedToken> {
    const { sessionId, scopes, intents, queries, expiresInSeconds, signal } = wish
    const body = { session_id: sessionId, scopes, intents, queries, expires_in: expiresInSeconds }
    // The token that is shown says whose it is: no tenant is named.
    return json({ method: 'POST', path: '/token', json: { ...body, tenant_id: undefined }, signal })
  },
})

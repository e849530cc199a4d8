// POST /v1/token: a token for a page or a follower, out of what the caller has shown, and never for more than that.

import type { Readable } from 'node:stream'

import { ProblemError, SessionId, TenantId, parsedOr } from '@biplane/protocol'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'

import { readJsonObject } from '../kit/body.ts'
import type { Limits } from '../kit/rate-limit.ts'
import { allow } from '../kit/server.ts'
import { Types } from './credential.ts'
import type { Identity } from './identity.ts'
import { SCOPES, Scope } from './role.ts'

const LIFE_S_MAX = 3_600
const DEFAULT_LIFE_S = 600

export const TokenWish = z.strictObject({
  /** As everywhere: another one than the caller's does not exist. */
  tenant_id: TenantId.optional(),
  /** Nothing but this session is seen. */
  session_id: SessionId.optional(),
  /** What most pages do is read. */
  scopes: z.array(Scope).max(SCOPES.length).default(['event:read']),
  intents: Types.optional(),
  queries: Types.optional(),
  /** Seconds. */
  expires_in: z.int().min(1).max(LIFE_S_MAX).default(DEFAULT_LIFE_S),
})

export function serveTokens(app: FastifyInstance, { authenticate, pages }: Identity, limits: Limits): void {
  app.all('/v1/token', async (request, reply) => {
    allow(['POST'], request, reply)
    const owner = await authenticate(request.headers)
    if (owner === null || pages === null) throw new ProblemError('token_not_needed')
    limits.take(request.headers, owner.tenantId, owner.subject)
    const body = await readJsonObject(request.body as Readable | undefined)
    const { tenant_id, session_id, scopes, intents, queries, expires_in } = parsedOr(
      TokenWish,
      body,
      'body_invalid',
      'body',
    )
    if (tenant_id !== undefined && tenant_id !== owner.tenantId) throw new ProblemError('session_not_found')
    const wish = { scopes, sessionId: session_id, intents, queries, lifeMs: expires_in * 1000 }
    const { token, endsAtMs } = await pages.issue(owner, wish)
    return { token, expires_at: new Date(endsAtMs).toISOString() }
  })
}

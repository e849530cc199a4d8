// Callers who show who they are: by a token, an API key, or the cookie of somebody who has signed in.

import type { IncomingHttpHeaders } from 'node:http'

import { ProblemError } from '@biplane/protocol'

import type { Limits } from '../kit/rate-limit.ts'
import type { ApiKeys } from './api-key.ts'
import { callerOf } from './caller.ts'
import type { VerifyToken } from './caller-token.ts'
import type { Credential } from './credential.ts'
import type { Identity } from './identity.ts'
import type { PageTokens } from './page-token.ts'
import { presentedIn } from './presented.ts'
import type { TrustRuntime } from './runtime-trust.ts'
import type { ServiceTokens } from './service-token.ts'

/** Null if it is none that holds. @throws ProblemError forgery_suspected for a socket that another site opens */
export type ReadSession = (headers: IncomingHttpHeaders) => Promise<Credential | null>

interface Means {
  verifyOwn: VerifyToken | null
  keys: ApiKeys | null
  session: ReadSession | null
  pages: PageTokens
  tokens: ServiceTokens
}

export function knownCallers(means: Means, limits: Limits, trust: TrustRuntime): Identity {
  const authenticate = (headers: IncomingHttpHeaders) => credentialIn(headers, means)
  return {
    authenticate,
    async resolve(headers, named) {
      const credential = await authenticate(headers)
      limits.take(headers, credential.tenantId, credential.subject)
      if (named !== undefined && named !== credential.tenantId) throw new ProblemError('session_not_found')
      await trust()
      return callerOf(credential, means.tokens)
    },
    pages: means.pages,
  }
}

async function credentialIn(headers: IncomingHttpHeaders, means: Means): Promise<Credential> {
  const shown = presentedIn(headers)
  if (shown === null) throw new ProblemError('unauthenticated')
  if (shown.kind === 'cookie') return (await means.session?.(headers)) ?? refuse('The session is over: sign in again.')
  if (shown.kind === 'key') return (await means.keys?.verify(shown.value)) ?? refuse('API keys are not taken here.')
  const ofPage = await means.pages.verify(shown.value)
  return (
    ofPage ?? (await means.verifyOwn?.(shown.value)) ?? refuse('No tokens but those of POST /v1/token are taken here.')
  )
}

function refuse(detail: string): never {
  throw new ProblemError('unauthenticated', detail)
}

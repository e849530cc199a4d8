// Who calls, as far as the surfaces need to know: docs/protocol.md §4, "At a gateway".

import type { IncomingHttpHeaders } from 'node:http'

import type { Caller } from './caller.ts'
import type { Credential } from './credential.ts'
import type { PageTokens } from './page-token.ts'

export type { Caller } from './caller.ts'

export interface Identity {
  /**
   * `headers`: of the request, or of the upgrade that opened a socket. `named`: the tenant_id that stands in the request.
   * Each call counts against the limits of the caller.
   * @throws ProblemError unauthenticated, tenant_required, body_invalid, rate_limited, forgery_suspected, keys_unavailable,
   * runtime_unavailable, or session_not_found for another's tenant
   */
  resolve(headers: IncomingHttpHeaders, named: unknown): Promise<Caller>
  /** Who it is alone, without a word to the runtime; null on open loopback. @throws as `resolve` */
  authenticate(headers: IncomingHttpHeaders): Promise<Credential | null>
  /** Null on open loopback, where nobody needs a token. */
  pages: PageTokens | null
}

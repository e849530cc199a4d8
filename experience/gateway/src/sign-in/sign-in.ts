// Signing people in (docs/protocol.md §4, "At a gateway"): what the other parts of the gateway need of it.

import type { IncomingHttpHeaders } from 'node:http'

import type { ProblemError } from '@biplane/protocol'
import type { FastifyBaseLogger } from 'fastify'

import type { Credential } from '../identity/credential.ts'
import { SIGN_IN_COOKIE, presentedIn } from '../identity/presented.ts'
import { ConfigurationError } from '../kit/configuration-error.ts'
import { cookieKey } from './cookie-key.ts'
import { refusedForgery } from './forgery.ts'
import { createProvider, type Provider } from './provider.ts'
import { originOf } from './public-origin.ts'
import { type SealedCookie, sealedCookie } from './sealed-cookie.ts'
import { type Sessions, createSessions, credentialOfSession } from './session.ts'
import type { SignInOptions } from './sign-in-config.ts'
import { Begun } from './begun.ts'

export interface SignIn {
  provider: Provider
  sessions: Sessions
  /** What is remembered of a browser while it is at the provider. */
  begun: SealedCookie<Begun>
  originOf(headers: IncomingHttpHeaders): URL
  /** Who the cookie is of; null if it is none that holds. */
  credentialIn(headers: IncomingHttpHeaders): Promise<Credential | null>
  /** The problem with which a request must be refused that another page may have had the browser send; null for all others. */
  refusedForgery(method: string, headers: IncomingHttpHeaders): ProblemError | null
}

const DEFAULT_COOKIE_KEY = '.biplane/cookie.key'

/** @throws ConfigurationError */
export async function createSignIn(options: SignInOptions, log: FastifyBaseLogger): Promise<SignIn> {
  const path = options.cookieKey ?? DEFAULT_COOKIE_KEY
  const key = await cookieKey(path).catch((cause: unknown) => {
    const why = `BIPLANE_COOKIE_KEY=${path} cannot be used: ${(cause as Error).message}`
    throw new ConfigurationError(why, { cause })
  })
  const provider = createProvider(options, log)
  const sessions = createSessions(key, provider)
  const origin = (headers: IncomingHttpHeaders) => originOf(headers, options.publicUrl)
  return {
    provider,
    sessions,
    begun: sealedCookie(key, SIGN_IN_COOKIE, Begun),
    originOf: origin,
    async credentialIn(headers) {
      const forged = headers.upgrade === undefined ? null : refusedForgery('GET', headers, origin(headers))
      if (forged !== null) throw forged
      const session = await sessions.read(headers, origin(headers))
      return session === null ? null : credentialOfSession(session)
    },
    refusedForgery: (method, headers) =>
      presentedIn(headers)?.kind === 'cookie' ? refusedForgery(method, headers, origin(headers)) : null,
  }
}

// The OpenID provider: authorization code with PKCE, state and nonce, by openid-client. It is first asked when somebody signs in,
// so a provider that is away keeps nobody from starting the gateway.

import { ProblemError, isLoopback } from '@biplane/protocol'
import type { FastifyBaseLogger } from 'fastify'
import * as oidc from 'openid-client'

import { type Person, personFrom } from './person.ts'
import type { SignInOptions } from './sign-in-config.ts'

const DEFAULT_SCOPE = 'openid profile email'
const ANSWER_S_MAX = 10

/** What the browser must bring back, so that an answer of the provider is one to its own question. */
export interface Question {
  state: string
  nonce: string
  verifier: string
}

export interface SignedIn {
  person: Person
  refreshToken: string | undefined
}

/** Each call may find the provider away. @throws ProblemError sign_in_unavailable */
export interface Provider {
  ask(redirectUri: string): Promise<{ question: Question; url: URL }>
  /** `answered`: the whole address to which the provider sent the browser. @throws ProblemError unauthenticated, forbidden */
  takeAnswer(answered: URL, question: Question): Promise<SignedIn>
  /** Null: they may not come in any more. @throws ProblemError forbidden */
  renew(person: Person, refreshToken: string): Promise<SignedIn | null>
  /** Ends what the refresh token stands for, where the provider offers that. */
  revoke(refreshToken: string): Promise<void>
  /** Where a browser signs out of the provider too; null if that is not offered. */
  signOutUrl(returnTo: string): Promise<URL | null>
}

export function createProvider(options: SignInOptions, log: FastifyBaseLogger): Provider {
  const { scope = DEFAULT_SCOPE, claims } = options
  const asking = createAsking(options, log)
  return {
    async ask(redirect_uri) {
      const question = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() }
      const { state, nonce } = question
      const code_challenge = await oidc.calculatePKCECodeChallenge(question.verifier)
      const asked = { redirect_uri, scope, state, nonce, code_challenge, code_challenge_method: 'S256' }
      return { question, url: await asking(async (config) => oidc.buildAuthorizationUrl(config, asked)) }
    },
    async takeAnswer(answered, { state, nonce, verifier }) {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
      const tokens = await asking((config) => oidc.authorizationCodeGrant(config, answered, checks))
      return { person: personFrom({ ...tokens.claims() }, claims), refreshToken: tokens.refresh_token }
    },
    async renew(person, refreshToken) {
      const tokens = await asking((config) => oidc.refreshTokenGrant(config, refreshToken), nothing)
      if (tokens === null) return null
      const said = tokens.claims()
      // A provider need not say again who they are. If it does, what it says now counts.
      const now = said === undefined ? person : personFrom({ ...said }, claims)
      return now.sub === person.sub ? { person: now, refreshToken: tokens.refresh_token ?? refreshToken } : null
    },
    async revoke(refreshToken) {
      await asking(async (config) => {
        if (config.serverMetadata().revocation_endpoint === undefined) return null
        return oidc.tokenRevocation(config, refreshToken)
      }, nothing)
    },
    signOutUrl: (post_logout_redirect_uri) =>
      asking(async (config) => {
        if (config.serverMetadata().end_session_endpoint === undefined) return null
        return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri })
      }, nothing),
  }
}

const nothing = () => null

/** Runs a call of the library. What `onRefusal` gives stands for a plain no; all else means that there was no answer. */
type Asking = <T>(call: (config: oidc.Configuration) => Promise<T>, onRefusal?: (cause: Error) => T) => Promise<T>

function createAsking(options: SignInOptions, log: FastifyBaseLogger): Asking {
  let discovered: Promise<oidc.Configuration> | null = null
  function away(cause: unknown): never {
    log.error({ reason: String(cause), cause: String((cause as Error).cause) }, 'the OpenID provider cannot be used')
    throw new ProblemError('sign_in_unavailable', undefined, { cause })
  }
  return async (call, onRefusal = refuse) => {
    discovered ??= discover(options)
    const config = await discovered.catch((cause: unknown) => {
      discovered = null
      return away(cause)
    })
    return call(config).catch((cause: unknown) => (isRefusal(cause) ? onRefusal(cause) : away(cause)))
  }
}

function discover({ issuer, clientId, clientSecret }: SignInOptions): Promise<oidc.Configuration> {
  const server = new URL(issuer)
  const auth = clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret)
  const execute: ((config: oidc.Configuration) => void)[] = [oidc.enableNonRepudiationChecks]
  // oxlint-disable-next-line typescript/no-deprecated -- A provider on the loopback has no certificate.
  if (isLoopback(server.hostname)) execute.push(oidc.allowInsecureRequests)
  return oidc.discovery(server, clientId, undefined, auth, { execute, timeout: ANSWER_S_MAX })
}

const refuse = (cause: Error): never => {
  throw new ProblemError('unauthenticated', `The provider did not sign you in: ${cause.message}. Begin again.`, {
    cause,
  })
}

/** An answer that is a no, or one to another question; else there was none, or what was asked could never be answered. */
function isRefusal(cause: unknown): cause is Error {
  if (cause instanceof oidc.AuthorizationResponseError) return true
  if (cause instanceof oidc.ResponseBodyError) return cause.error === 'invalid_grant'
  return cause instanceof oidc.ClientError && NOT_TO_THE_QUESTION.includes(cause.code ?? '')
}

const NOT_TO_THE_QUESTION = [
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
]

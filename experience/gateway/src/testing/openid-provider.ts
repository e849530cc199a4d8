// A real OpenID provider on the loopback. Whoever stands at its desk signs in at once; all else is as the library has it.

import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { type Configuration, Provider } from 'oidc-provider'

export const CLIENT = { clientId: 'the-gateway', clientSecret: 'known to both, and long enough' }
/** The same through all of a test: a provider does not change its keys because it was away. */
const SIGNING_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
const DAY_S = 24 * 60 * 60

export interface OpenIdProvider extends AsyncDisposable {
  issuer: string
  /** What it says of each, by their subject. */
  people: Map<string, Record<string, unknown>>
  /** Who signs in next; null: somebody who declines. */
  atTheDesk: string | null
  /** Serves the gateways at these addresses; before that it is away. */
  open(gateways: readonly string[]): void
  /** Is away again. */
  shut(): void
}

export async function startOpenIdProvider(): Promise<OpenIdProvider> {
  let provider: Provider | null = null
  const server = createServer((request, response) => {
    if (provider === null) response.writeHead(503).end()
    else if (request.url?.startsWith('/desk/')) void attend(provider, request, response, state.atTheDesk)
    else void provider.callback()(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const state: OpenIdProvider = {
    issuer,
    people: new Map(),
    atTheDesk: null,
    open: (gateways) => void (provider = new Provider(issuer, configurationOf(gateways, state.people))),
    shut: () => void (provider = null),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return state
}

async function attend(provider: Provider, request: IncomingMessage, response: ServerResponse, who: string | null) {
  const result = who === null ? { error: 'access_denied' } : { login: { accountId: who } }
  await provider.interactionFinished(request, response, result)
}

function configurationOf(gateways: readonly string[], people: OpenIdProvider['people']): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: gateways.map((url) => `${url}/auth/callback`),
        post_logout_redirect_uris: gateways.map((url) => `${url}/`),
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    jwks: { keys: [{ ...SIGNING_KEY, alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of the test'] },
    pkce: { required: () => true },
    claims: { openid: ['sub', 'tenant_id', 'role', 'name'] },
    conformIdTokenClaims: false,
    findAccount: (_context, accountId) =>
      people.has(accountId) ? { accountId, claims: () => ({ sub: accountId, ...people.get(accountId) }) } : undefined,
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      IdToken: 60,
      Interaction: 60,
      Grant: DAY_S,
      Session: DAY_S,
      RefreshToken: DAY_S,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: async () => true },
      rpInitiatedLogout: { enabled: true },
    },
    interactions: { url: (_context, { uid }) => `/desk/${uid}` },
    /** What the client asks for, it gets: nobody is asked for their consent. */
    async loadExistingGrant({ oidc }) {
      const { Grant } = oidc.provider
      const grant = new Grant({ clientId: CLIENT.clientId, accountId: oidc.session?.accountId ?? '' })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  }
}

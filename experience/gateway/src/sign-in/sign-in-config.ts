// How people sign in: experience.config.ts says it, and the environment overrides it.

import { ConfigurationError } from '../kit/configuration-error.ts'
import type { PersonOf } from './person.ts'

export interface SignInConfig {
  /** The OpenID provider, such as `https://id.example.com`. Without TLS only on the loopback. */
  issuer?: string
  clientId?: string
  /** From the environment (`BIPLANE_OIDC_CLIENT_SECRET`), not from a file that is committed. Absent: a public client. */
  clientSecret?: string
  /** Default `openid profile email`. Add `offline_access` where the provider wants that for a refresh token. */
  scope?: string
  /** Claims of the ID token that name the tenant and the role, by default `tenant_id` and `role`; or what reads them. */
  claims?: { tenant?: string; role?: string } | PersonOf
  /** The address by which browsers know this gateway, if its Host does not say it. */
  publicUrl?: string
  /** The file of the key that cookies are sealed with; made if it is not there. Default `.biplane/cookie.key`. */
  cookieKey?: string
}

export interface SignInOptions extends SignInConfig {
  issuer: string
  clientId: string
}

/** Undefined if nobody signs in here. @throws ConfigurationError */
export function resolveSignIn(
  config: SignInConfig = {},
  env: Record<string, string | undefined>,
): SignInOptions | undefined {
  const issuer = env['BIPLANE_OIDC_ISSUER'] || config.issuer
  if (issuer === undefined) return undefined
  const clientId = env['BIPLANE_OIDC_CLIENT_ID'] || config.clientId
  if (clientId === undefined)
    throw new ConfigurationError('People sign in, but as which client? Set BIPLANE_OIDC_CLIENT_ID.')
  const clientSecret = env['BIPLANE_OIDC_CLIENT_SECRET'] || config.clientSecret
  const cookieKey = env['BIPLANE_COOKIE_KEY'] || config.cookieKey
  const publicUrl = env['BIPLANE_PUBLIC_URL'] || config.publicUrl
  refuseNoAddress('BIPLANE_OIDC_ISSUER', issuer)
  if (publicUrl !== undefined) refuseNoAddress('BIPLANE_PUBLIC_URL', publicUrl)
  return {
    ...config,
    issuer,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    claims: claimsFrom(config.claims, env),
    ...(cookieKey === undefined ? {} : { cookieKey }),
  }
}

function claimsFrom(configured: SignInConfig['claims'] = {}, env: Record<string, string | undefined>) {
  const tenant = env['BIPLANE_OIDC_TENANT_CLAIM']
  const role = env['BIPLANE_OIDC_ROLE_CLAIM']
  if (typeof configured === 'function') return configured
  return { ...configured, ...(tenant ? { tenant } : {}), ...(role ? { role } : {}) }
}

function refuseNoAddress(variable: string, value: string): void {
  if (/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return
  throw new ConfigurationError(`${variable}=${value} is not an address. Use one like https://id.example.com.`)
}

// Everything that must not let anybody in, for each door; each differs in one thing from what does.

import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

import { ask, bearer } from './ask.ts'
import { sealedSession } from './cookie.ts'
import { type Door, type House, pageOf } from './house.ts'
import { RETIRED, pemOf } from './keys.ts'
import { type Fields, unsigned, withKey, withSecret } from './token.ts'

export type Headers = Record<string, string>
export type Credentials = [what: string, headers: Headers][]

/** The parts of a token and of a sealed cookie that say who it is. */
const CLAIMS = 1
const SEALED_TEXT = 3
const POLL_MS = 20
/** A key that is taken away counts no more within two seconds. */
const REVOKED_MS_MAX = 10_000

/** Of `tenant`: what showed who it is before, and was taken away. */
export async function badCredentials(house: House, tenant: string): Promise<Record<Door['name'], Credentials>> {
  const revoked = await revokedCredentials(house, tenant)
  const { runtime, gateway } = house
  return {
    runtime: [
      ...badFor(runtime, house, tenant),
      ['a token of a caller of the gateway', bearer(gateway.token({ tenant_id: tenant }))],
      ['of another issuer', bearer(runtime.token({ tenant_id: tenant, iss: 'somebody' }))],
      ['without the type of a token for it', bearer(runtime.token({ tenant_id: tenant }, { typ: 'JWT' }))],
      ...revoked.runtime,
    ],
    gateway: [
      ...badFor(gateway, house, tenant),
      ['a token that is for the runtime', bearer(runtime.token({ tenant_id: tenant }))],
      ['with a role that nobody knows', bearer(gateway.token({ tenant_id: tenant, role: 'emperor' }))],
      ['an API key that nobody made', { 'x-api-key': `bpk_${'A'.repeat(43)}` }],
      ...badCookies(house, tenant),
      ...revoked.gateway,
    ],
  }
}

function badFor(door: Door, { keys }: House, tenant_id: string): Credentials {
  const { publicKey } = door.name === 'runtime' ? keys.gateway : keys.callers
  const hs256 = (secret: string | Buffer) => door.token({ tenant_id }, { alg: 'HS256' }, withSecret(secret))
  const now = Math.floor(Date.now() / 1000)
  const bad: [string, string][] = [
    ['nonsense', 'nonsense'],
    ['expired', door.token({ tenant_id, iat: now - 600, exp: now - 60 })],
    ['not valid yet', door.token({ tenant_id, nbf: now + 300 })],
    ['for another audience', door.token({ tenant_id, aud: 'somewhere-else' })],
    ['signed by a stranger', door.token({ tenant_id }, {}, withKey(keys.stranger.privateKey))],
    ['HS256 with the public key', hs256(pemOf(publicKey))],
    ['HS256 with the bytes of the public key', hs256(publicKey.export({ type: 'spki', format: 'der' }))],
    ['unsigned, alg none', door.token({ tenant_id }, { alg: 'none' }, unsigned)],
    ['unsigned, alg EdDSA', door.token({ tenant_id }, {}, unsigned)],
    ['without a tenant', door.token({})],
    ['of a tenant with no good name', door.token({ tenant_id: '../acme' })],
    ['with claims that were changed', swapClaims(door, tenant_id)],
  ]
  return [['none', {}], ...bad.map(([what, token]): [string, Headers] => [what, bearer(token)])]
}

/** Each from a page of the gateway, so that it is the cookie which does not hold. */
function badCookies({ gateway, keys }: House, tenant_id: string): Credentials {
  const good = sealedSession(keys.cookie, { tenant_id })
  const now = Math.floor(Date.now() / 1000)
  const bad: [string, string][] = [
    ['a cookie that nobody sealed', 'nonsense'],
    ['a cookie that was altered', swapPart(good, sealedSession(keys.cookie, { tenant_id: 'rival' }), SEALED_TEXT)],
    ['a cookie whose time is over', sealedSession(keys.cookie, { tenant_id, exp: now - 60 })],
    ['a cookie for another purpose', sealedSession(keys.cookie, { tenant_id, aud: 'sign-in' })],
    ['a cookie of another gateway', sealedSession(randomBytes(keys.cookie.length), { tenant_id })],
  ]
  return bad.map(([what, session]) => [what, pageOf(gateway.url, session)])
}

/** The claims of one tenant under the signature of another. */
function swapClaims(door: Door, tenant_id: string): string {
  return swapPart(door.token({ tenant_id: 'rival' }), door.token({ tenant_id }), CLAIMS)
}

/** The one, with a part of the other. */
function swapPart(one: string, other: string, part: number): string {
  return one
    .split('.')
    .with(part, other.split('.')[part] ?? '')
    .join('.')
}

async function revokedCredentials(house: House, tenant_id: string): Promise<Record<Door['name'], Credentials>> {
  const { runtime, gateway, keys } = house
  const retired = bearer(runtime.token({ tenant_id }, { kid: RETIRED }, withKey(keys.retired.privateKey)))
  const apiKey = { 'x-api-key': keys.revokedKey }
  const page = bearer(await pageToken(gateway, apiKey))
  const all: [Door, string, Headers][] = [
    [runtime, 'signed with a key that was taken away', retired],
    [gateway, 'an API key that was revoked', apiKey],
    [gateway, 'a token that came of a revoked key', page],
  ]
  await Promise.all(all.map(([door, what, headers]) => until(200, door, what, headers)))
  keys.retire()
  await Promise.all(all.map(([door, what, headers]) => until(401, door, what, headers)))
  const of = ({ name }: Door): Credentials =>
    all.filter(([door]) => door.name === name).map(([, what, headers]) => [what, headers])
  return { runtime: of(runtime), gateway: of(gateway) }
}

async function pageToken({ url }: Door, headers: Headers): Promise<string> {
  const wish: Fields = { scopes: ['event:read', 'intent:submit'], expires_in: 600 }
  const { text } = await ask(url, { method: 'POST', path: '/v1/token', headers, body: wish })
  return (JSON.parse(text) as { token: string }).token
}

/** @throws Error if that is not what it comes to */
async function until(status: number, { url, base }: Door, what: string, headers: Headers): Promise<void> {
  const deadline = Date.now() + REVOKED_MS_MAX
  for (;;) {
    const heard = await ask(url, { method: 'GET', path: `${base}/session`, headers })
    if (heard.status === status) return
    if (Date.now() > deadline) throw new Error(`${what}: ${heard.status} ${heard.text}`)
    await pause(POLL_MS)
  }
}

// The keys of a house in its folder: those that callers, the gateway and a program have, and those that count no more.

import { type KeyObject, createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Pair {
  privateKey: KeyObject
  publicKey: KeyObject
}

export interface Keys {
  /** Signs the callers' own tokens. */
  callers: Pair
  /** Signs what the gateway tells the runtime. */
  gateway: Pair
  /** Trusted by the runtime until `retire`. */
  retired: Pair
  /** Trusted by nobody. */
  stranger: Pair
  /** API keys of the tenant, one of which counts until `retire`. */
  apiKey: string
  revokedKey: string
  /** Seals the cookies of people who have signed in. */
  cookie: Buffer
  /** What the processes are told. */
  env: { runtime: Record<string, string>; gateway: Record<string, string>; signIn: Record<string, string> }
  retire(): void
}

export const RETIRED = 'retired'
const GATEWAY = 'gateway'
const COOKIE_KEY_BYTES = 32
/** Nobody is there: only who begins to sign in asks for it. */
const NO_PROVIDER = 'http://127.0.0.1:9'
const newPair = (): Pair => generateKeyPairSync('ed25519')
const newApiKey = (): string => `bpk_${randomBytes(32).toString('base64url')}`
export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()

export function makeKeys(folder: string, tenant: string): Keys {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const [callers, gateway, retired, stranger] = [newPair(), newPair(), newPair(), newPair()]
  const [apiKey, revokedKey] = [newApiKey(), newApiKey()]
  const cookie = randomBytes(COOKIE_KEY_BYTES)
  const jwk = ({ publicKey }: Pair, kid: string) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA' })
  const trusted = (...pairs: [Pair, string][]) =>
    write('trusted.json', JSON.stringify({ keys: pairs.map(([pair, kid]) => jwk(pair, kid)) }))
  const program = (name: string, key: string, revoked_at?: string) => ({
    name,
    sha256: createHash('sha256').update(key).digest('hex'),
    tenant_id: tenant,
    role: 'admin',
    created_at: new Date().toISOString(),
    revoked_at,
  })
  const programs = (revoked_at?: string) =>
    write(
      'api-keys.json',
      JSON.stringify({ format: 1, keys: [program('good', apiKey), program('revoked', revokedKey, revoked_at)] }),
    )
  const secret = { ...gateway.privateKey.export({ format: 'jwk' }), kid: GATEWAY }
  return {
    callers,
    gateway,
    retired,
    stranger,
    apiKey,
    revokedKey,
    cookie,
    env: {
      runtime: { BIPLANE_AUTH: trusted([gateway, GATEWAY], [retired, RETIRED]) },
      gateway: {
        BIPLANE_AUTH: write('callers.pem', pemOf(callers.publicKey)),
        BIPLANE_KEYS: programs(),
        BIPLANE_SERVICE_KEY: write('gateway.jwk', JSON.stringify(secret)),
      },
      signIn: {
        BIPLANE_OIDC_ISSUER: NO_PROVIDER,
        BIPLANE_OIDC_CLIENT_ID: 'the-gateway',
        BIPLANE_COOKIE_KEY: write('cookie.key', cookie.toString('base64url')),
      },
    },
    retire() {
      trusted([gateway, GATEWAY])
      programs(new Date().toISOString())
    },
  }
}

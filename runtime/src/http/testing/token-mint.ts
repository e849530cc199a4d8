// Tokens as a gateway mints them, and tokens as one should not, for tests.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type CryptoKey, type JWK, SignJWT, exportJWK, generateKeyPair } from 'jose'

export const ALL = 'intent:submit event:read execution:operate admin'

export interface Key {
  alg: string
  secret: CryptoKey
  jwk: JWK
}

export async function newKey(kid: string, alg = 'EdDSA'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, secret: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }
}

/** What differs from a token that holds. A claim or header that is null is left out. */
export interface Wish {
  by?: Key
  header?: { [name: string]: unknown }
  claims?: { [name: string]: unknown }
  /** Seconds from now. */
  lives_s?: number
}

export class TokenMint {
  readonly folder: string
  readonly key: Key

  private constructor(folder: string, key: Key) {
    this.folder = folder
    this.key = key
  }

  static async open(): Promise<TokenMint> {
    const mint = new TokenMint(await mkdtemp(join(tmpdir(), 'biplane-mint-')), await newKey('first'))
    await mint.trust(mint.key)
    return mint
  }

  /** The file that the runtime reads. */
  get file(): string {
    return join(this.folder, 'keys.json')
  }

  /** From now on these keys are in the file, and no other. */
  trust(...keys: Key[]): Promise<void> {
    return writeFile(this.file, JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }))
  }

  token({ by = this.key, header = {}, claims = {}, lives_s = 300 }: Wish = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const usual = { iss: 'biplane-gateway', aud: 'biplane-runtime', sub: 'ada', tenant_id: 'acme', scope: ALL }
    const { kid } = by.jwk
    return new SignJWT(given({ ...usual, iat: Math.min(now, now + lives_s - 1), exp: now + lives_s, ...claims }))
      .setProtectedHeader({ alg: by.alg, ...given({ typ: 'biplane+jwt', kid, ...header }) })
      .sign(by.secret)
  }

  /** As headers of a request. */
  async bearer(wish: Wish = {}): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.token(wish)}` }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}

const given = (fields: { [name: string]: unknown }): { [name: string]: unknown } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

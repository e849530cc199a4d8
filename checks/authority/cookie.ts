// The cookie of a person who has signed in, sealed by hand as a gateway seals it: no provider is needed to know who somebody is.

import { createCipheriv, randomBytes } from 'node:crypto'

import type { Fields } from './token.ts'

export const SESSION_COOKIE = 'biplane-session'
const IV_BYTES = 12
const LIFE_S = 600

/** Claims that are given replace those of somebody who has just come back from the provider. `key`: 32 bytes. */
export function sealedSession(key: Buffer, claims: Fields): string {
  const now = Math.floor(Date.now() / 1000)
  const usual = { sub: 'ada', role: 'admin', began: now, made: now, aud: 'session', exp: now + LIFE_S }
  const header = encoded(JSON.stringify({ alg: 'dir', enc: 'A256GCM' }))
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(header))
  const sealed = Buffer.concat([cipher.update(JSON.stringify({ ...usual, ...claims })), cipher.final()])
  // Encrypted to nobody: the key is known to the reader.
  return [header, '', encoded(iv), encoded(sealed), encoded(cipher.getAuthTag())].join('.')
}

const encoded = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64url')

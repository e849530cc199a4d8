// Tokens signed by hand, since no library signs the ones that must not hold.

import { type KeyObject, createHmac, sign } from 'node:crypto'

export type Fields = Record<string, unknown>
/** Signs what a token says; what it answers is the signature. */
export type Signer = (text: string) => Buffer

export const SCOPES = ['event:read', 'intent:submit', 'execution:operate', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

const LIFE_S = 600

export const withKey =
  (key: KeyObject): Signer =>
  (text) =>
    sign(null, Buffer.from(text), key)
/** What a server does that takes any algorithm: it verifies by the text of its public key. */
export const withSecret =
  (secret: string | Buffer): Signer =>
  (text) =>
    createHmac('sha256', secret).update(text).digest()
export const unsigned: Signer = () => Buffer.alloc(0)

/** A claim or header that is undefined is left out. */
export function tokenOf(header: Fields, claims: Fields, by: Signer): string {
  const iat = Math.floor(Date.now() / 1000)
  const text = [header, { sub: 'ada', scope: SCOPES.join(' '), iat, exp: iat + LIFE_S, ...claims }]
    .map(encoded)
    .join('.')
  return `${text}.${by(text).toString('base64url')}`
}

const encoded = (fields: Fields): string => Buffer.from(JSON.stringify(fields)).toString('base64url')

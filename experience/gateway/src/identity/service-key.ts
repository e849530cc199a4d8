// The key that BIPLANE_SERVICE_KEY names. The gateway signs with it what it says to the runtime, and the tokens it gives out itself.

import { type JsonWebKey, type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'

export interface ServiceKey {
  privateKey: KeyObject
  publicKey: KeyObject
  /** Of the header of what it signs. */
  header: { alg: 'EdDSA'; kid?: string }
}

/** `path`: an Ed25519 private key, as PEM or JWK. @throws Error if it cannot be read */
export async function readServiceKey(path: string): Promise<ServiceKey> {
  const text = await readFile(path, 'utf8')
  const jwk = text.trimStart().startsWith('{') ? (JSON.parse(text) as JsonWebKey & { kid?: string }) : null
  const privateKey = createPrivateKey(jwk === null ? text : { key: jwk, format: 'jwk' })
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${path} must hold an Ed25519 private key.`)
  const kid = jwk?.kid === undefined ? {} : { kid: jwk.kid }
  return { privateKey, publicKey: createPublicKey(privateKey), header: { alg: 'EdDSA', ...kid } }
}

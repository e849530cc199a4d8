// The gateway's own tokens: short, one per tenant, signed with the key that BIPLANE_SERVICE_KEY names. The runtime holds the
// public half, so whatever reaches the runtime came through a gateway that knew whose it was.

import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import type { TenantId } from '@biplane/protocol'
import { SignJWT } from 'jose'

const LIFETIME = '5m'
const ISSUER = 'biplane-gateway'
const AUDIENCE = 'biplane-runtime'
const ALGORITHM = 'EdDSA'
/** Everything that the wire offers; what a person may do is decided before. */
const SCOPE = 'intent:submit event:read execution:operate'

export type MintToken = (tenant: TenantId, subject: string) => Promise<string>

/** `path`: an Ed25519 private key, as PEM or JWK. @throws Error if it cannot be read */
export async function serviceTokens(path: string): Promise<MintToken> {
  const key = privateKey(await readFile(path, 'utf8'))
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} must hold an Ed25519 private key.`)
  return (tenant, subject) =>
    new SignJWT({ tenant_id: tenant, scope: SCOPE })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(LIFETIME)
      .sign(key)
}

function privateKey(text: string): KeyObject {
  if (!text.trimStart().startsWith('{')) return createPrivateKey(text)
  return createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' })
}

// The public keys that callers' tokens are verified with: a JWKS by its URL, or files that are read again when they change.

import { createPublicKey } from 'node:crypto'

import { ProblemError } from '@biplane/protocol'
import type { FastifyBaseLogger } from 'fastify'
import { type JWK, type JWTVerifyGetKey, createLocalJWKSet, createRemoteJWKSet, errors } from 'jose'

import { type Watched, watchedFile } from './watched-file.ts'

/** A JWKS is fetched again after this time, and sooner for a key id that it does not have: what is revoked there ends then. */
const JWKS_AGE_MS_MAX = 10 * 60_000

/**
 * `source`: the URL of a JWKS, or paths with commas between, of public keys as PEM, JWK or JWKS.
 * The keys answer with `keys_unavailable` while they cannot be read. @throws Error if they cannot be read at the start
 */
export async function verifyingKeys(source: string, log: FastifyBaseLogger): Promise<JWTVerifyGetKey> {
  if (/^https?:/.test(source)) return available(createRemoteJWKSet(new URL(source), { cacheMaxAge: JWKS_AGE_MS_MAX }))
  const files = await Promise.all(source.split(',').map((path) => watchedFile(path.trim(), keysIn, log)))
  return available((header) => among(files, header))
}

async function among(files: readonly Watched<JWK[]>[], header: Parameters<JWTVerifyGetKey>[0]) {
  const keys = (await Promise.all(files.map((file) => file()))).flat()
  const named = keys.filter(({ kid }) => kid !== undefined && kid === header.kid)
  // A PEM has no room for an id: such a key is tried whatever the token calls its own.
  const nameless = keys.filter(({ kid }) => kid === undefined || header.kid === undefined)
  return createLocalJWKSet({ keys: named.length > 0 ? named : nameless.map(({ kid: _kid, ...key }) => key) })({
    alg: header.alg,
    ...(named.length > 0 ? { kid: header.kid ?? '' } : {}),
  })
}

/** What is wrong with the token is told from what is wrong with the keys. */
function available(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (cause) {
      if (OF_THE_TOKEN.some((kind) => cause instanceof kind)) throw cause
      throw new ProblemError('keys_unavailable', `Keys of callers: ${(cause as Error).message}`, { cause })
    }
  }
}

const OF_THE_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported]

function keysIn(text: string): JWK[] {
  if (text.includes('PRIVATE KEY')) throw new Error(PRIVATE)
  if (!text.trimStart().startsWith('{')) return [createPublicKey(text).export({ format: 'jwk' })]
  const json = JSON.parse(text) as JWK | { keys: JWK[] }
  const keys = 'keys' in json ? json.keys : [json]
  for (const key of keys) {
    if (key.d !== undefined) throw new Error(PRIVATE)
    createPublicKey({ key, format: 'jwk' })
  }
  return keys
}

const PRIVATE = 'it holds a private key; only the public half belongs here.'

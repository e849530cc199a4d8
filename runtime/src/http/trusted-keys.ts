// The public keys that tokens are checked with: a JWKS at an address, or a file that is read again when it changes, so that a key
// is rotated or revoked without a restart. While they cannot be read nobody is known, which is our fault and not the token's.

import { createPublicKey } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'

import { ProblemError } from '@biplane/protocol'
import { type JSONWebKeySet, type JWK, type JWTVerifyGetKey, createLocalJWKSet, createRemoteJWKSet, errors } from 'jose'

import type { Clock } from '../engine/ports.ts'

/** Gives what finds the key of a token: the same function for as long as the keys are the same. @throws ProblemError keys_unavailable */
export type TrustedKeys = () => Promise<JWTVerifyGetKey>

const FETCH_MS_MAX = 5_000
/** An unknown `kid` has the JWKS read anew at most this often: whoever makes some up must not make us ask. */
const COOLDOWN_MS = 30_000
const JWKS_AGE_MS_MAX = 600_000
/** A file is looked at at most this often. */
const LOOK_EVERY_MS = 250
const FILE_BYTES_MAX = 1024 * 1024

export function keysAt(url: URL): TrustedKeys {
  const find = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_MS_MAX,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: JWKS_AGE_MS_MAX,
  })
  const findOr: JWTVerifyGetKey = async (header, token) =>
    find(header, token).catch((error: unknown) => {
      throw isOfToken(error) ? error : unavailable(url.href, error)
    })
  return async () => findOr
}

/** @throws Error if the file cannot be read or holds no public key; later that is keys_unavailable */
export async function keysInFile(path: string, clock: Pick<Clock, 'now'>): Promise<TrustedKeys> {
  let { find, stamp } = await read(path)
  let looked_ms = clock.now()
  let broken: unknown = null
  let looking: Promise<void> | null = null
  const look = async () => {
    try {
      if ((await stampOf(path)) !== stamp) ({ find, stamp } = await read(path))
      broken = null
    } catch (error) {
      broken = error
      stamp = ''
    }
  }
  return async () => {
    if (clock.now() - looked_ms >= LOOK_EVERY_MS) {
      looked_ms = clock.now()
      looking = look().finally(() => (looking = null))
    }
    await looking
    if (broken !== null) throw unavailable(path, broken)
    return find
  }
}

/** When the file was last changed, as far as its folder tells. */
async function stampOf(path: string): Promise<string> {
  const { mtimeNs, size, ino } = await stat(path, { bigint: true })
  return `${mtimeNs} ${size} ${ino}`
}

/** A change while it is read is seen at the next look, since the stamp is older. */
async function read(path: string): Promise<{ find: JWTVerifyGetKey; stamp: string }> {
  const stamp = await stampOf(path)
  const text = await readFile(path, 'utf8')
  if (text.length > FILE_BYTES_MAX) throw new Error(`${path} is too large to be keys.`)
  const keys = jwksOf(text, path)
  if (keys.length === 0) throw new Error(`${path} holds no key.`)
  return { find: findIn(keys), stamp }
}

/** Where there is one key and it has no name, it does not matter which one a token names. */
function findIn(keys: JWK[]): JWTVerifyGetKey {
  const find = createLocalJWKSet({ keys })
  if (keys.length > 1 || keys[0]?.kid !== undefined) return find
  return (header, token) => {
    const { kid: _, ...rest } = header ?? {}
    return find(rest, token)
  }
}

function jwksOf(text: string, path: string): JWK[] {
  if (!text.trimStart().startsWith('{'))
    return [publicJwk(createPublicKey(publicPem(text, path)).export({ format: 'jwk' }), path)]
  const json = JSON.parse(text) as JSONWebKeySet | JWK
  const keys = 'keys' in json && Array.isArray(json.keys) ? json.keys : [json as JWK]
  return keys.map((key) => publicJwk(key, path))
}

/** A private key would give its public one without a word. */
function publicPem(text: string, path: string): string {
  if (text.includes('PRIVATE KEY')) throw privateKey(path)
  return text
}

function publicJwk(key: JWK, path: string): JWK {
  if (key.d !== undefined) throw privateKey(path)
  if (key.kty === 'oct') throw new Error(`${path} holds a secret; the runtime takes public keys alone.`)
  // What is no key is found now, not by the first token.
  createPublicKey({ key, format: 'jwk' })
  return key
}

/** A runtime that could mint tokens itself would be worth more to a thief. */
const privateKey = (path: string): Error =>
  new Error(`${path} holds a private key; the runtime takes the public one alone.`)

const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys

const unavailable = (where: string, cause: unknown): ProblemError =>
  new ProblemError('keys_unavailable', undefined, {
    cause: new Error(`${where}: ${(cause as Error).message}`, { cause }),
  })

// Tokens that the gateway gives out itself, for a page or a follower that is not to hold its owner's credential: for a short time,
// and never for more than who asked for it may do (docs/protocol.md §4, "At a gateway"). They are for the gateway alone: the
// runtime takes neither their type nor their audience.

import { ProblemError, type SessionId } from '@biplane/protocol'
import { SignJWT, decodeProtectedHeader } from 'jose'

import { GATEWAY_AUDIENCE, verified } from './caller-token.ts'
import { type Credential, credentialOf } from './credential.ts'
import type { Scope } from './role.ts'
import type { ServiceKey } from './service-key.ts'

const TYPE = 'biplane-page+jwt'
/** A token may be used to ask for the next one. However often that is done, it ends this long after the first. */
const CHAIN_LIFE_MS = 12 * 60 * 60_000
/** As long as the runtime takes them. */
const TOKEN_CHARS_MAX = 4_096

export interface PageTokens {
  /** @throws ProblemError forbidden if more is wanted than `owner` may */
  issue(owner: Credential, wish: Wish): Promise<{ token: string; endsAtMs: number }>
  /** Null if it is not one of these. @throws ProblemError unauthenticated */
  verify(token: string): Promise<Credential | null>
}

export interface Wish {
  scopes: readonly Scope[]
  sessionId: SessionId | undefined
  intents: readonly string[] | undefined
  queries: readonly string[] | undefined
  lifeMs: number
}

/** `holdsKey`: whether the API key of this id may still be used. */
export function pageTokens(key: ServiceKey, issuer: string, holdsKey: (keyId: string) => Promise<boolean>): PageTokens {
  return {
    async issue(owner, wish) {
      const bounds = narrowed(owner, wish)
      const chainEndsAtMs = owner.chainEndsAtMs ?? Math.min(Date.now() + CHAIN_LIFE_MS, owner.endsAtMs)
      const endsAtMs = Math.floor(Math.min(Date.now() + wish.lifeMs, chainEndsAtMs) / 1000) * 1000
      const claims = { ...bounds, tenant_id: owner.tenantId, key_id: owner.keyId, chain_exp: chainEndsAtMs / 1000 }
      const token = await new SignJWT(claims)
        .setProtectedHeader({ ...key.header, typ: TYPE })
        .setIssuer(issuer)
        .setAudience(GATEWAY_AUDIENCE)
        .setSubject(owner.subject)
        .setIssuedAt()
        .setExpirationTime(endsAtMs / 1000)
        .sign(key.privateKey)
      if (token.length <= TOKEN_CHARS_MAX) return { token, endsAtMs }
      throw new ProblemError('body_invalid', 'intents and queries are too many for one token: name fewer.')
    },

    async verify(token) {
      if (typeOf(token) !== TYPE) return null
      const options = { typ: TYPE, issuer, audience: GATEWAY_AUDIENCE, algorithms: [key.header.alg] }
      const claims = await verified(token, async () => key.publicKey, options)
      const { key_id: keyId, chain_exp } = claims as { key_id?: string; chain_exp: number }
      const own = credentialOf(claims)
      const holds = async () => (await own.holds()) && (keyId === undefined || (await holdsKey(keyId)))
      if (await holds()) return { ...own, keyId, chainEndsAtMs: chain_exp * 1000, holds }
      throw new ProblemError('unauthenticated', 'The key that the token was made with has been revoked or has expired.')
    },
  }
}

/** @throws ProblemError forbidden: nobody can give what they do not have */
function narrowed(owner: Credential, { scopes, sessionId = owner.sessionId, intents, queries }: Wish) {
  const refuse = (what: string) =>
    new ProblemError('forbidden', `You may not give ${what}: you do not have it yourself.`)
  const scope = scopes.find((one) => !owner.scopes.includes(one))
  if (scope !== undefined) throw refuse(`the scope ${scope}`)
  if (owner.sessionId !== undefined && sessionId !== owner.sessionId) throw refuse(`the session ${sessionId}`)
  const types = (kind: 'intents' | 'queries', wished = owner[kind]) => {
    const type = wished?.find((one) => owner[kind]?.includes(one) === false)
    if (type !== undefined) throw refuse(type)
    return wished
  }
  return {
    scope: scopes.join(' '),
    session_id: sessionId,
    intents: types('intents', intents),
    queries: types('queries', queries),
  }
}

/** What the token says of its kind, before anything of it is believed. */
function typeOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).typ
  } catch {
    return undefined
  }
}

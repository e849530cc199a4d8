// API keys, for programs. A key is looked up by its hash: how long that takes may tell something of the hash of what was sent, and
// nothing of any key. That it was used is not written down: the log of the runtime knows what was done with it.

import { ProblemError } from '@biplane/protocol'
import type { FastifyBaseLogger } from 'fastify'

import type { Credential } from './credential.ts'
import { type KeyRecord, hashOf, parseKeys } from './key-file.ts'
import { scopesOf } from './role.ts'
import { watchedFile } from './watched-file.ts'

const ID_CHARS = 16

export interface ApiKeys {
  /** @throws ProblemError unauthenticated, or keys_unavailable while the file cannot be read */
  verify(key: string): Promise<Credential>
  /** Whether the key of this id may still be used. @throws ProblemError keys_unavailable */
  holds(id: string): Promise<boolean>
}

/** `path`: a file that `biplane keys` has made. @throws Error if it cannot be read at the start */
export async function apiKeys(path: string, log: FastifyBaseLogger): Promise<ApiKeys> {
  const byId = (text: string) => new Map(parseKeys(text).map((record) => [idOf(record), record]))
  const file = await watchedFile(path, byId, log)
  const records = () =>
    file().catch((cause: unknown) => {
      throw new ProblemError('keys_unavailable', `API keys: ${(cause as Error).message}`, { cause })
    })
  const holds = async (id: string) => isGood((await records()).get(id))

  return {
    holds,
    async verify(key) {
      const sha256 = hashOf(key)
      const record = (await records()).get(idOf({ sha256 }))
      if (record === undefined || record.sha256 !== sha256) throw new ProblemError('unauthenticated', 'No such key.')
      if (!isGood(record))
        throw new ProblemError('unauthenticated', `The key ${record.name} was revoked, or has expired.`)
      return credentialOfKey(record, () => holds(idOf(record)))
    },
  }
}

/** Tells keys apart without telling anything of them. */
const idOf = ({ sha256 }: Pick<KeyRecord, 'sha256'>): string => sha256.slice(0, ID_CHARS)

function isGood(record: KeyRecord | undefined): boolean {
  return record !== undefined && record.revoked_at === undefined && Date.now() < endOf(record)
}

const endOf = ({ expires_at }: KeyRecord): number => (expires_at === undefined ? Infinity : Date.parse(expires_at))

function credentialOfKey(record: KeyRecord, holds: () => Promise<boolean>): Credential {
  const { name, tenant_id: tenantId, role, intents, queries } = record
  const bounds = { tenantId, subject: `key:${name}`, role, scopes: scopesOf(role), intents, queries }
  return { ...bounds, endsAtMs: endOf(record), keyId: idOf(record), holds }
}

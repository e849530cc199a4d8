// The API keys of a gateway: a JSON file that says of each key whose it is, what it may do and until when, and of the key itself
// only the SHA-256. That is enough here: a key is 256 bits of chance, so nobody finds it by trying, as they would a password, and
// a slow hash would only make every request slow. `biplane keys` writes the file and a gateway reads it (`BIPLANE_KEYS`).

import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import { TenantId, fieldErrors } from '@biplane/protocol'
import * as z from 'zod'

import { Types } from './credential.ts'
import { isErrorCode, readIfThere } from './read-if-there.ts'
import { Role } from './role.ts'

export { ROLES } from './role.ts'

export const KEY_PREFIX = 'bpk_'
const KEY_BYTES = 32
const KEYS_MAX = 10_000
/** For the owner alone: whoever reads it learns who has keys, though not the keys. */
const FILE_MODE = 0o600

export const KeyRecord = z.strictObject({
  /** The log knows the key by it, so no two ever have the same, not even one that was revoked. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes, underscores'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  tenant_id: TenantId,
  role: Role,
  /** The types that it may submit and ask; absent: all. */
  intents: Types.optional(),
  queries: Types.optional(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().optional(),
  revoked_at: z.iso.datetime().optional(),
})
export type KeyRecord = z.infer<typeof KeyRecord>

const KeyFile = z.strictObject({ format: z.literal(1), keys: z.array(KeyRecord).max(KEYS_MAX) })

/** What a new key is to be. */
export type NewKey = Pick<KeyRecord, 'name' | 'tenant_id' | 'role' | 'intents' | 'queries' | 'expires_at'>

/** Its message says what is wrong with the file or with what is asked of it, and what to do. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
}

export const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

/** @throws KeyFileError */
export function parseKeys(text: string): KeyRecord[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new KeyFileError(`It is not JSON: ${(cause as Error).message}`, { cause })
  }
  return valid(KeyFile, json).keys
}

/** All keys that there ever were; none if there is no file. @throws KeyFileError */
export async function listKeys(path: string): Promise<KeyRecord[]> {
  const text = await readIfThere(path)
  return text === null ? [] : parseKeys(text)
}

/** Makes a key, and the file if there is none. The key is in the answer and nowhere else. @throws KeyFileError */
export async function createKey(path: string, wish: NewKey): Promise<{ key: string; record: KeyRecord }> {
  const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url')
  const record = valid(KeyRecord, { ...wish, sha256: hashOf(key), created_at: new Date().toISOString() })
  await change(path, (keys) => {
    if (keys.some(({ name }) => name === record.name)) throw new KeyFileError(taken(record.name))
    if (keys.length >= KEYS_MAX) throw new KeyFileError(`There are ${KEYS_MAX} keys: take old ones out of ${path}.`)
    return [...keys, record]
  })
  return { key, record }
}

/** The key of this name counts no more; doing it again changes nothing. @throws KeyFileError if there is none */
export async function revokeKey(path: string, name: string): Promise<void> {
  const revoked_at = new Date().toISOString()
  await change(path, (keys) => {
    if (!keys.some((record) => record.name === name)) throw new KeyFileError(`There is no key named ${name}.`)
    return keys.map((record) => (record.name === name ? { revoked_at, ...record } : record))
  })
}

/** One change at a time: a key that is made must not bring back one that is revoked in the same moment. */
async function change(path: string, make: (keys: KeyRecord[]) => KeyRecord[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const lock = `${path}.lock`
  const held = await open(lock, 'wx').catch((cause: unknown) => {
    throw isErrorCode(cause, 'EEXIST') ? new KeyFileError(busy(lock), { cause }) : cause
  })
  try {
    const written = `${path}.new`
    const keys = make(await listKeys(path))
    await writeFile(written, `${JSON.stringify({ format: 1, keys }, null, 2)}\n`, { mode: FILE_MODE })
    await rename(written, path)
  } finally {
    await held.close()
    await rm(lock)
  }
}

function valid<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [first] = fieldErrors(parsed.error)
  throw new KeyFileError(`${first?.path || 'The file'}: ${first?.message}`)
}

const taken = (name: string): string =>
  `A key named ${name} exists, or did. Give this one another name, so that the log tells them apart.`
const busy = (lock: string): string =>
  `Another command is at the keys. If there is none, one was killed: remove ${lock} and do it again.`

// Ids (docs/protocol.md §1): a prefix, then 26 characters of Crockford base32: 48 bits of time and 80 bits of chance,
// so that ids sort by the moment they were made. An artifact alone is named by what it contains.

import * as z from 'zod'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_CHARS = 10
const RANDOM_CHARS = 16
const BODY = `[${ALPHABET}]{${TIME_CHARS + RANDOM_CHARS}}`

export const TenantId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
export type TenantId = z.infer<typeof TenantId>

export const SessionId = z
  .string()
  .regex(new RegExp(`^ses_${BODY}$`), 'must look like ses_01k9…')
  .brand<'SessionId'>()
export type SessionId = z.infer<typeof SessionId>

export const IntentId = z
  .string()
  .regex(new RegExp(`^int_${BODY}$`), 'must look like int_01k9…')
  .brand<'IntentId'>()
export type IntentId = z.infer<typeof IntentId>

export const ExecutionId = z
  .string()
  .regex(new RegExp(`^exe_${BODY}$`), 'must look like exe_01k9…')
  .brand<'ExecutionId'>()
export type ExecutionId = z.infer<typeof ExecutionId>

export const ArtifactId = z
  .string()
  .regex(/^art_[0-9a-f]{64}$/, 'must look like art_<sha256>')
  .brand<'ArtifactId'>()
export type ArtifactId = z.infer<typeof ArtifactId>

/** What makes an id. Injected, so that a simulator can choose: milliseconds since 1970, and bytes of chance. */
export interface IdSource {
  now(): number
  bytes(count: number): Uint8Array
}

export const newSessionId = (source: IdSource): SessionId => mint('ses', source) as SessionId
export const newIntentId = (source: IdSource): IntentId => mint('int', source) as IntentId
export const newExecutionId = (source: IdSource): ExecutionId => mint('exe', source) as ExecutionId
/** `sha256` is 64 lower-case hexadecimal digits. */
export const artifactIdOf = (sha256: string): ArtifactId => `art_${sha256}` as ArtifactId

function mint(prefix: string, source: IdSource): string {
  let time = source.now()
  let digits = ''
  for (let i = 0; i < TIME_CHARS; i++) {
    digits = ALPHABET.charAt(time % 32) + digits
    time = Math.floor(time / 32)
  }
  for (const byte of source.bytes(RANDOM_CHARS)) digits += ALPHABET.charAt(byte & 31)
  return `${prefix}_${digits}`
}

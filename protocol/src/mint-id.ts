// How an id is made (docs/protocol.md §1), without the schemas that check one.

import { ALPHABET, RANDOM_CHARS, TIME_CHARS } from './id-form.ts'
import type { ArtifactId, ExecutionId, IntentId, SessionId } from './id.ts'

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

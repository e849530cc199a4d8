// Ids (docs/protocol.md §1): a prefix, then 26 characters of Crockford base32: 48 bits of time and 80 bits of chance,
// so that ids sort by the moment they were made. An artifact alone is named by what it contains.

import * as z from 'zod'

import { ALPHABET, RANDOM_CHARS, TIME_CHARS } from './id-form.ts'

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

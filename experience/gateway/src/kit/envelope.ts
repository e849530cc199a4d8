// On a surface, the envelope's fields stand beside the payload's, wherever fields can stand: the query, the form, the body.
// Here they are told apart (docs/protocol.md §7).

import { IdempotencyKey, IntentId, ProblemError, canonicalJson } from '@biplane/protocol'
import * as z from 'zod'

import type { Fields } from './body.ts'

export interface Envelope {
  tenant_id?: string
  session_id?: string
  intent_id?: string
}

export interface Parted {
  envelope: Envelope
  payload: Fields
}

/** Merges the places where fields stand and parts them. @throws ProblemError duplicate_fields_differ or body_invalid */
export function partFields(...places: Fields[]): Parted {
  const { tenant_id, session_id, intent_id, ...payload } = mergeFields(...places)
  return { envelope: { ...text({ tenant_id }), ...text({ session_id }), ...text({ intent_id }) }, payload }
}

/** A field that is given twice must have the same value twice. @throws ProblemError duplicate_fields_differ */
export function mergeFields(...places: Fields[]): Fields {
  const merged: Fields = {}
  for (const [name, value] of places.flatMap((place) => Object.entries(place))) {
    if (Object.hasOwn(merged, name) && canonicalJson(merged[name]) !== canonicalJson(value)) {
      throw new ProblemError('duplicate_fields_differ', `${name} is given twice with different values.`)
    }
    merged[name] = value
  }
  return merged
}

function text(field: Fields): Record<string, string> {
  const given = Object.entries(field).filter(([, value]) => value !== undefined)
  for (const [name, value] of given) check(name, z.string('must be text').safeParse(value))
  return Object.fromEntries(given) as Record<string, string>
}

/** The key of a request, if it brings one. @throws ProblemError idempotency_keys_differ, idempotency_key_invalid, body_invalid */
export function requestKey(header: string | undefined, intentId: string | undefined): string | undefined {
  if (header !== undefined && !IdempotencyKey.safeParse(header).success)
    throw new ProblemError('idempotency_key_invalid')
  if (intentId !== undefined) check('intent_id', IntentId.safeParse(intentId))
  if (header !== undefined && intentId !== undefined && header !== intentId) {
    throw new ProblemError('idempotency_keys_differ')
  }
  return header ?? intentId
}

function check(path: string, { error }: z.ZodSafeParseResult<unknown>): void {
  if (error === undefined) return
  const message = error.issues[0]?.message ?? 'is not valid'
  throw new ProblemError('body_invalid', `${path} ${message}.`, { errors: [{ path, message }] })
}

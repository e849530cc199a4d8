// The catalogue (docs/protocol.md §7). Surfaces build themselves from it and from nothing else.

import * as z from 'zod'

import { RealmName, TypeName } from './name.ts'

const JsonSchema = z.record(z.string(), z.json())

/** How executions of an intent share what is scarce: what a caller can expect, not how it is decided. */
export const CapabilityLimit = z.object({
  /** Executions share the limit by a key of their payload or owner; else all of the intent do. */
  by_key: z.boolean(),
  /** Some go before others. */
  by_priority: z.boolean(),
  /** How many are at work at once. */
  concurrency: z.int().positive().optional(),
  /** One after the other, in the order they were accepted. */
  serial: z.boolean().optional(),
  /** How many begin within any `per_ms`. */
  rate: z.object({ times: z.int().positive(), per_ms: z.number().positive() }).optional(),
  /** One begins when no other of its key has come for `quiet_ms`; a later one replaces it. */
  debounce: z.object({ quiet_ms: z.number().positive(), at_most_ms: z.number().positive().optional() }).optional(),
})
export type CapabilityLimit = z.infer<typeof CapabilityLimit>

export const Capability = z.object({
  kind: z.enum(['intent', 'query']),
  type: TypeName,
  realm: RealmName,
  realm_version: z.string(),
  title: z.string(),
  description: z.string().optional(),
  payload_schema: JsonSchema,
  result_schema: JsonSchema,
  /** True if a failed or cancelled execution takes back what its steps did. */
  undoable: z.boolean(),
  limit: CapabilityLimit.optional(),
  example: z.json().optional(),
})
export type Capability = z.infer<typeof Capability>

export const Catalogue = z.object({ capabilities: z.array(Capability) })
export type Catalogue = z.infer<typeof Catalogue>

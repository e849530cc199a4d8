// The catalogue (docs/protocol.md §7). Surfaces build themselves from it and from nothing else.

import * as z from 'zod'

import { RealmName, TypeName } from './name.ts'

const JsonSchema = z.record(z.string(), z.json())

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
  example: z.json().optional(),
})
export type Capability = z.infer<typeof Capability>

export const Catalogue = z.object({ capabilities: z.array(Capability) })
export type Catalogue = z.infer<typeof Catalogue>

// What a surface needs to know of a capability, read from its schema (docs/protocol.md §7).

import { ARTIFACT_KEYWORD, type Capability, ProblemError, fieldErrors } from '@biplane/protocol'
import * as z from 'zod'

export type JsonSchema = Capability['payload_schema']

/** `data_mash.create` is at `/v1/data-mash/create`. No two types share an address, since a type has no dash. */
export const addressOf = (type: string): string => `/v1/${type.replaceAll('.', '/').replaceAll('_', '-')}`

export const propertiesOf = (schema: JsonSchema): Record<string, JsonSchema> =>
  (schema['properties'] ?? {}) as Record<string, JsonSchema>

/** The payload's fields that take a file. */
export const artifactFields = ({ payload_schema }: Capability): string[] =>
  Object.entries(propertiesOf(payload_schema))
    .filter(([, property]) => property[ARTIFACT_KEYWORD] === true)
    .map(([name]) => name)

/** True if the payload can be written as query parameters: each field one value, or several of one kind. */
export const isFlat = ({ payload_schema }: Capability): boolean =>
  payload_schema['type'] === 'object' && Object.values(propertiesOf(payload_schema)).every(isValueOrValues)

const isValueOrValues = (schema: JsonSchema): boolean => {
  const types = typesOf(schema)
  if (types.includes('array')) return types.length === 1 && isValue((schema['items'] ?? {}) as JsonSchema)
  return isValue(schema)
}

const VALUE_TYPES = ['string', 'number', 'integer', 'boolean', 'null']
const isValue = (schema: JsonSchema): boolean => {
  const types = typesOf(schema)
  return types.length > 0 && types.every((type) => VALUE_TYPES.includes(type))
}

/** The JSON types that a value of the schema may have; none if the schema does not say. */
export function typesOf(schema: JsonSchema): string[] {
  const { type, anyOf, oneOf, enum: values, const: value } = schema
  if (typeof type === 'string') return [type]
  if (Array.isArray(type)) return type as string[]
  const choices = anyOf ?? oneOf
  if (Array.isArray(choices)) return [...new Set((choices as JsonSchema[]).flatMap(typesOf))]
  if (Array.isArray(values)) return [...new Set(values.map(jsonType))]
  return value === undefined ? [] : [jsonType(value)]
}

const jsonType = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/**
 * Refuses early what the runtime would refuse, so that nothing is made for it. The runtime still decides: it knows rules that
 * a JSON Schema cannot hold, and a schema that cannot be read here is left to it.
 * @throws ProblemError payload_invalid
 */
export function refuseMisfit(capability: Capability, payload: unknown): void {
  const error = readerOf(capability)?.safeParse(payload).error
  if (error === undefined) return
  const errors = fieldErrors(error)
  const [first] = errors
  throw new ProblemError('payload_invalid', first && `${first.path || 'payload'}: ${first.message}`, { errors })
}

const readers = new WeakMap<Capability, z.ZodType | null>()

function readerOf(capability: Capability): z.ZodType | null {
  const known = readers.get(capability)
  if (known !== undefined) return known
  const reader = readable(capability.payload_schema)
  readers.set(capability, reader)
  return reader
}

/** The schema as zod reads it; null if it says something that zod has no word for. */
function readable(schema: JsonSchema): z.ZodType | null {
  try {
    return z.fromJSONSchema(schema)
  } catch {
    return null
  }
}

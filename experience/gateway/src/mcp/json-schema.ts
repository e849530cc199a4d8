// JSON Schemas that stand inside others.

import * as z from 'zod'

import type { JsonSchema } from '../kit/capability.ts'

/**
 * `schema` as it stands at `pointer` of another one, such as `#/properties/result`: what it says of itself by reference is found
 * below there.
 */
export function embeddedAt(pointer: string, { $schema: _, $id: __, ...schema }: JsonSchema): JsonSchema {
  return moved(schema, pointer) as JsonSchema
}

function moved(value: unknown, pointer: string): unknown {
  if (Array.isArray(value)) return value.map((each) => moved(each, pointer))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' && inner.startsWith('#')
        ? pointer + inner.slice(1)
        : moved(inner, pointer),
    ]),
  )
}

/** Without `$schema`, for a place inside another one. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io })
  return plain as JsonSchema
}

/** True if fields can be added beside those of the schema. */
export const isPlainObject = (schema: JsonSchema): boolean =>
  schema['type'] === 'object' && !['anyOf', 'oneOf', 'allOf', 'not', '$ref'].some((word) => word in schema)

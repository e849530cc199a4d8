// JSON Schemas as they stand in an AsyncAPI document, which reads them as draft 7 and looks up every reference from its own root.

import * as z from 'zod'

import type { JsonSchema } from '../kit/capability.ts'

export const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })

export const schemaOf = (name: string, schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  placed(name, z.toJSONSchema(schema, { io, target: 'draft-7' }) as JsonSchema)

/** The schema at `#/components/schemas/<name>`, written there. */
export function placed(name: string, { $schema: _, $id: __, ...schema }: JsonSchema): JsonSchema {
  const root = refTo(name).$ref
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string' && value.startsWith('#')) return root + value.slice(1)
    return hasTuple(value) ? asDraft7(value) : value
  }) as JsonSchema
}

interface Tuple {
  prefixItems: unknown[]
  items?: unknown
}

const hasTuple = (value: unknown): value is Tuple =>
  typeof value === 'object' && value !== null && 'prefixItems' in value && Array.isArray(value.prefixItems)

const asDraft7 = ({ prefixItems, items, ...rest }: Tuple) => ({
  ...rest,
  items: prefixItems,
  ...(items === undefined ? {} : { additionalItems: items }),
})

// What an OpenAPI document says once and refers to: the schemas of the protocol by their names, what schemas define inside, and the
// answers that say what went wrong.

import {
  AcceptedIntent,
  ArtifactRef,
  AwaitedSignal,
  Capability,
  Child,
  EndedIntent,
  Event,
  Execution,
  ExecutionStatus,
  ExecutionSummary,
  Failure,
  Problem,
  Session,
  Signalled,
  StateValue,
  Step,
  StoredArtifact,
} from '@biplane/protocol'
import * as z from 'zod'

import type { JsonSchema } from '../../kit/capability.ts'

export type Json = Record<string, unknown>

const NAMED = {
  AcceptedIntent,
  ArtifactRef,
  AwaitedSignal,
  Capability,
  Child,
  EndedIntent,
  Event,
  Execution,
  ExecutionStatus,
  ExecutionSummary,
  Failure,
  Problem,
  Session,
  Signalled,
  StateValue,
  Step,
  StoredArtifact,
}

const names = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries(NAMED)) names.add(schema, { id })

/** What `z.json()` becomes inside a schema: any JSON at all. */
const FIRST = '__schema0'
const ANY_JSON = JSON.stringify(z.toJSONSchema(z.array(z.json()), { io: 'input' })['$defs']?.[FIRST])

const COMPONENT = '#/components/schemas/'
const DEFINITION = '#/$defs/'

export interface Components {
  schemas: Record<string, JsonSchema>
  responses: Record<string, Json>
  headers: Record<string, Json>
  parameters: Record<string, Json>
  /** A schema that may stand in the document. What it defines inside becomes a component, named for its `owner` where need be. */
  embed(owner: string, schema: JsonSchema): JsonSchema
  /** A schema of the protocol, by reference where it has a name. */
  of(owner: string, schema: z.ZodType, io: 'input' | 'output'): JsonSchema
}

export function createComponents(): Components {
  const schemas: Record<string, JsonSchema> = {}

  function embed(owner: string, { $schema: _, $defs = {}, ...schema }: JsonSchema): JsonSchema {
    const defined = Object.entries($defs as Record<string, JsonSchema>)
    const nameOf = new Map(
      defined.map(([name, one]) => [DEFINITION + name, COMPONENT + componentName(owner, name, one)]),
    )
    if (refersToItself(schema)) nameOf.set('#', COMPONENT + owner)
    const resolved = (one: JsonSchema) => renamed(one, nameOf) as JsonSchema
    for (const [name, one] of defined)
      schemas[componentName(owner, name, one)] = isAnyJson(name, one) ? JSON_VALUE : resolved(one)
    if (!nameOf.has('#')) return resolved(schema)
    schemas[owner] = resolved(schema)
    return { $ref: COMPONENT + owner }
  }

  function of(owner: string, schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    return embed(
      owner,
      z.toJSONSchema(schema, { io, metadata: names, override: io === 'output' ? open : keep }) as JsonSchema,
    )
  }

  return { schemas, responses: {}, headers: {}, parameters: {}, embed, of }
}

/** An answer may gain a field without breaking who reads it. */
const open = ({ jsonSchema }: { jsonSchema: { additionalProperties?: unknown } }): void => {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
}
const keep = (): void => {}

function componentName(owner: string, name: string, schema: JsonSchema): string {
  if (name in NAMED) return name
  return isAnyJson(name, schema) ? 'Json' : `${owner}.${name.replaceAll(/[^\w.-]/g, '_')}`
}

const isAnyJson = (name: string, schema: JsonSchema): boolean =>
  JSON.stringify(schema).replaceAll(DEFINITION + name, DEFINITION + FIRST) === ANY_JSON

/** Said without going round in a circle, in which generators of clients get lost. */
const JSON_VALUE: JsonSchema = { description: 'Any JSON.' }

const refersToItself = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  return ('$ref' in value && value.$ref === '#') || Object.values(value).some(refersToItself)
}

/** The same with references under their new names. */
function renamed(value: unknown, nameOf: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, nameOf))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' ? (nameOf.get(String(inner)) ?? inner) : renamed(inner, nameOf),
    ]),
  )
}

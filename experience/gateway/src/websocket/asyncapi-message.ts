// The messages of the socket in its AsyncAPI document. A submission and a query are there once for each capability, as what its
// payload and its result make of them.

import type { Capability } from '@biplane/protocol'
import * as z from 'zod'

import type { JsonSchema } from '../kit/capability.ts'
import { placed, refTo, schemaOf } from './asyncapi-schema.ts'
import { CALLS } from './calls.ts'
import { ANSWERS, Answer, Capabilities, Ended, Query, REQUESTS, Submit } from './messages.ts'

export interface Described {
  name: string
  summary: string
  schema: JsonSchema
  /** Schemas that it refers to. */
  parts: Record<string, JsonSchema>
  example?: unknown
}

/** Said as they are, whatever the catalogue holds. */
export function plainMessages(): Described[] {
  const requests = REQUESTS.filter((schema) => schema !== Submit && schema !== Query)
  return [
    ...requests.map((schema) => plain(schema, 'input')),
    ...[...CALLS.values()].map(({ takes }) => plain(takes, 'input')),
    ...ANSWERS.filter((schema) => schema !== Answer && schema !== Ended).map((schema) => plain(schema, 'output')),
    ...[...CALLS].filter(([, { isAccepted }]) => !isAccepted).map(([type, { gives }]) => answerOf(type, gives)),
    answerOf('list_capabilities', Capabilities),
  ]
}

function plain(schema: z.ZodObject, io: 'input' | 'output'): Described {
  const name = typeOf(schema)
  return { name, summary: schema.description ?? name, schema: schemaOf(name, schema, io), parts: {} }
}

export const typeOf = ({ shape }: z.ZodObject): string => (shape['type'] as z.ZodLiteral<string>).value

const answerOf = (type: string, gives: z.ZodType): Described => {
  const name = `${type}.answer`
  const part = `${type}.given`
  return {
    name,
    summary: `The answer to ${type}`,
    schema: withProperty(schemaOf(name, Answer, 'output'), 'answer', refTo(part)),
    parts: { [part]: schemaOf(part, gives, 'output') },
  }
}

/** What is sent for a capability, and what comes back of it alone. */
export function capabilityMessages(capability: Capability): Described[] {
  const { kind, type, title, payload_schema, result_schema, example } = capability
  const [payload, result] = [`${type}.payload`, `${type}.result`]
  const asked =
    kind === 'intent' ? Submit.extend({ intent_type: z.literal(type) }) : Query.extend({ query_type: z.literal(type) })
  const told = kind === 'intent' ? Ended : Answer
  const toldName = `${type}.${typeOf(told)}`
  const outcome = kind === 'intent' ? { anyOf: [refTo(result), { type: 'null' }] } : refTo(result)
  const request = {
    name: type,
    summary: title,
    schema: withProperty(schemaOf(type, asked, 'input'), 'payload', refTo(payload)),
    parts: { [payload]: placed(payload, payload_schema), [result]: placed(result, result_schema) },
  }
  const named = kind === 'intent' ? { type: 'submit', intent_type: type } : { type: 'query', query_type: type }
  return [
    example === undefined ? request : { ...request, example: { ...named, id: '1', payload: example } },
    {
      name: toldName,
      summary: `What came of ${type}`,
      schema: withProperty(schemaOf(toldName, told, 'output'), kind === 'intent' ? 'result' : 'answer', outcome),
      parts: {},
    },
  ]
}

const withProperty = (schema: JsonSchema, name: string, property: JsonSchema): JsonSchema => ({
  ...schema,
  properties: { ...(schema['properties'] as object), [name]: property },
})

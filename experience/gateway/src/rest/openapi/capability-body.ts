// What a capability takes: JSON always; with a file also a form and, for a single one, its bare bytes. The fields of the envelope
// stand beside the payload's.

import { type Capability, IntentId, SessionId, TenantId } from '@biplane/protocol'
import * as z from 'zod'

import { type JsonSchema, artifactFields, propertiesOf, refuseMisfit } from '../../kit/capability.ts'
import type { Components, Json } from './components.ts'
import { EXAMPLE_TENANT, exampleOf } from './example.ts'

const text = (schema: z.ZodType, description: string): JsonSchema => {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  return { ...plain, description }
}

const ENVELOPE = {
  tenant_id: text(TenantId, 'Whose it is. A token says it already.'),
  session_id: text(SessionId, 'Without one, an intent has a session made for it.'),
  intent_id: text(IntentId, 'A key, if you mint one: see Idempotency-Key.'),
}

/** Both words for it: tools know the older one, the newer one is right. */
export const BINARY: JsonSchema = { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' }

function envelopeOf({ kind }: Capability): Record<string, JsonSchema> {
  const { intent_id, ...asked } = ENVELOPE
  return kind === 'intent' ? { ...asked, intent_id } : asked
}

/** `parameters`: what else it is asked with. */
export function bodyOf(components: Components, capability: Capability, parameters: Json[]): Json {
  const files = artifactFields(capability)
  const content = contentOf(components, capability, files)
  if (files.length === 0) return { parameters, requestBody: { required: true, content } }
  const name = {
    name: 'name',
    in: 'query',
    description: 'What the file is called, where it is the whole body.',
    schema: { type: 'string' },
  }
  const isNamed = files.length === 1 && !('name' in propertiesOf(capability.payload_schema))
  return {
    parameters: [...parameters, ...fieldParameters(components, capability, files), ...(isNamed ? [name] : [])],
    requestBody: { required: true, content },
  }
}

/** Fields as query parameters, where they may stand there. */
export function fieldParameters(
  components: Components,
  capability: Capability,
  without: readonly string[] = [],
): Json[] {
  const { payload_schema, type, kind } = capability
  const required = kind === 'query' ? ((payload_schema['required'] ?? []) as string[]) : []
  const properties = propertiesOf(components.embed(`${type}.payload`, payload_schema))
  const example = { ...payloadExample(capability), tenant_id: EXAMPLE_TENANT }
  return Object.entries({ ...properties, ...envelopeOf(capability) })
    .filter(([name]) => !without.includes(name))
    .map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema,
      ...(kind === 'query' && name in example ? { example: example[name as keyof typeof example] } : {}),
    }))
}

function contentOf(components: Components, capability: Capability, files: string[]): Json {
  const body = withEnvelope(capability)
  const embed = (form: string, schema: JsonSchema) => components.embed(`${capability.type}.${form}`, schema)
  const given = payloadExample(capability)
  const example = given === undefined ? {} : { example: { tenant_id: EXAMPLE_TENANT, ...given } }
  if (files.length === 0) return { 'application/json': { schema: embed('body', body), ...example } }
  return {
    'application/json': { schema: embed('body', withInlineFiles(body, files)), ...example },
    'multipart/form-data': { schema: embed('form', withFileParts(body, files)) },
    ...(files.length === 1 ? { 'application/octet-stream': { schema: BINARY } } : {}),
  }
}

/** The capability's own example, or one made for it; undefined rather than one that does not fit. */
function payloadExample(capability: Capability): Record<string, unknown> | undefined {
  const example = capability.example ?? exampleOf(capability.payload_schema)
  return typeof example === 'object' && example !== null && fits(capability, example)
    ? (example as Record<string, unknown>)
    : undefined
}

function fits(capability: Capability, payload: unknown): boolean {
  try {
    refuseMisfit(capability, payload)
    return true
  } catch {
    return false
  }
}

function withEnvelope(capability: Capability): JsonSchema {
  const { payload_schema } = capability
  const envelope = envelopeOf(capability)
  if (payload_schema['type'] === 'object') return withProperties(payload_schema, envelope)
  const { $defs, ...schema } = payload_schema
  return { allOf: [schema, { type: 'object', properties: envelope }], ...($defs === undefined ? {} : { $defs }) }
}

function withInlineFiles(body: JsonSchema, files: string[]): JsonSchema {
  const inline = files.flatMap((field): [string, JsonSchema][] => [
    [`${field}name`, { type: 'string', description: `The name of ${field}_data.` }],
    [
      `${field}_data`,
      { type: 'string', contentEncoding: 'base64', description: `Instead of ${field}; 256 KiB at most.` },
    ],
  ])
  const required = ((body['required'] ?? []) as string[]).filter((name) => !files.includes(name))
  return { ...withProperties(body, Object.fromEntries(inline)), required }
}

function withFileParts(body: JsonSchema, files: string[]): JsonSchema {
  const part: JsonSchema = { ...BINARY, description: 'The file. It comes behind the other fields.' }
  return withProperties(body, Object.fromEntries(files.map((field) => [field, part])))
}

const withProperties = (schema: JsonSchema, more: Record<string, JsonSchema>): JsonSchema => ({
  ...schema,
  properties: { ...propertiesOf(schema), ...more },
})

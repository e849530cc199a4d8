// A capability in the OpenAPI document: the forms it can be asked in and what it answers.

import { AcceptedIntent, type Capability, EndedIntent } from '@biplane/protocol'

import { type JsonSchema, artifactFields, propertiesOf } from '../kit/capability.ts'
import { methodsOf } from './capability.ts'
import { ENVELOPE, type Json, PROBLEM_ANSWER, embedded, jsonContent, schemaOf } from './schema.ts'

export function capabilityPath(capability: Capability): Json {
  const { type, kind, realm, title, description } = capability
  const about = {
    tags: [realm],
    summary: title,
    ...(description === undefined ? {} : { description }),
    responses: { ...(kind === 'intent' ? intentAnswers(type) : queryAnswer(capability)), default: PROBLEM_ANSWER },
  }
  const post = {
    operationId: type,
    ...about,
    parameters: kind === 'intent' ? SUBMISSION_HEADERS : [],
    requestBody: { required: true, content: contentOf(capability) },
  }
  if (!methodsOf(capability).includes('GET')) return { post }
  return { post, get: { operationId: `${type}.get`, ...about, parameters: queryParameters(capability) } }
}

const SUBMISSION_HEADERS = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key with the same body gives the same answer and runs nothing again.',
    schema: { type: 'string', maxLength: 200 },
  },
  {
    name: 'Prefer',
    in: 'header',
    description: 'wait=N: answer with the outcome if there is one within N seconds (at most 60).',
    schema: { type: 'string', examples: ['wait=5'] },
  },
]

const intentAnswers = (type: string): Json => ({
  202: {
    description: 'In the log, and durable.',
    content: jsonContent(schemaOf(`${type}:accepted`, AcceptedIntent, 'output')),
  },
  200: {
    description: 'The outcome, if it was waited for.',
    content: jsonContent(schemaOf(`${type}:ended`, EndedIntent, 'output')),
  },
})

const queryAnswer = ({ type, result_schema }: Capability): Json => ({
  200: { description: 'The answer.', content: jsonContent(embedded(`${type}:result`, result_schema)) },
})

function queryParameters({ payload_schema }: Capability): Json[] {
  const required = (payload_schema['required'] ?? []) as string[]
  const { tenant_id, session_id } = ENVELOPE
  return Object.entries({ ...propertiesOf(payload_schema), tenant_id, session_id }).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

/** JSON always; with a file also a form and, for a single one, its bare bytes. */
function contentOf(capability: Capability): Json {
  const files = artifactFields(capability)
  const body = embedded(`${capability.type}:body`, withEnvelope(capability))
  const example = capability.example === undefined ? {} : { example: capability.example }
  if (files.length === 0) return { 'application/json': { schema: body, ...example } }
  return {
    'application/json': { schema: withInlineFiles(body, files), ...example },
    'multipart/form-data': { schema: withFileParts(body, files) },
    ...(files.length === 1 ? { 'application/octet-stream': {} } : {}),
  }
}

function withEnvelope({ kind, payload_schema }: Capability): JsonSchema {
  const { intent_id, ...asked } = ENVELOPE
  const envelope = kind === 'intent' ? { ...asked, intent_id } : asked
  if (payload_schema['type'] === 'object') return withProperties(payload_schema, envelope)
  return { allOf: [payload_schema, { type: 'object', properties: envelope }] }
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
  const part: JsonSchema = { type: 'string', contentMediaType: 'application/octet-stream' }
  return withProperties(body, Object.fromEntries(files.map((field) => [field, part])))
}

const withProperties = (schema: JsonSchema, more: Record<string, JsonSchema>): JsonSchema => ({
  ...schema,
  properties: { ...propertiesOf(schema), ...more },
})

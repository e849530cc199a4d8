// The OpenAPI 3.1 document of REST, made from the catalogue and the list of relayed calls whenever it is asked for: it cannot
// say what is not so.

import { type Capability, Problem } from '@biplane/protocol'

import { addressOf } from '../kit/capability.ts'
import { capabilityPath } from './openapi-capability.ts'
import { ENVELOPE, type Json, PROBLEM_ANSWER, jsonContent, schemaOf } from './schema.ts'
import { WIRE, type WireCall } from './wire-calls.ts'
import { methodsOf } from './wire.ts'

export function openApiOf(capabilities: readonly Capability[]): Json {
  const ofCapabilities = capabilities.map((capability) => [addressOf(capability.type), capabilityPath(capability)])
  const ofWire = Object.entries(WIRE).map(([pattern, call]) => [templateOf(pattern), wirePath(pattern, call)])
  return {
    openapi: '3.1.0',
    info: {
      title: 'Biplane experience',
      version: '1',
      description: 'What the realms can do, and the wire of the runtime beside it.',
    },
    paths: Object.fromEntries([...ofCapabilities, ...ofWire]),
    components: {
      responses: {
        Problem: {
          description: 'What went wrong, and what to do about it.',
          content: { 'application/problem+json': { schema: schemaOf('problem', Problem, 'output') } },
        },
      },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
    // The empty one: on the loopback no token is asked for.
    security: [{}, { bearer: [] }],
  }
}

const templateOf = (pattern: string): string => `/v1${pattern.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{key}')}`

function wirePath(pattern: string, call: WireCall): Json {
  const { summary, takes, gives, kind } = call
  const template = templateOf(pattern)
  const name = `wire.${[...pattern.matchAll(/\w+/g)].join('.')}${pattern.endsWith('*') ? '.key' : ''}`
  const inPath = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  const named = takes === undefined && kind !== 'public' && !inPath.includes('tenant_id')
  const operation = {
    operationId: name,
    tags: ['wire'],
    summary,
    parameters: [
      ...inPath.map((part) => ({ name: part, in: 'path', required: true, schema: { type: 'string' } })),
      ...(named ? [{ name: 'tenant_id', in: 'query', schema: ENVELOPE.tenant_id }] : []),
    ],
    ...requestBody(name, call),
    responses: {
      '2XX': {
        description: 'See docs/protocol.md.',
        ...(gives === undefined ? {} : { content: jsonContent(schemaOf(`${name}:answer`, gives, 'output')) }),
      },
      default: PROBLEM_ANSWER,
    },
  }
  return { [methodsOf(call).includes('GET') ? 'get' : 'post']: operation }
}

function requestBody(name: string, { kind, takes }: WireCall): Json {
  if (kind === 'bytes') return { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
  if (takes === undefined) return {}
  return { requestBody: { required: true, content: jsonContent(schemaOf(`${name}:body`, takes, 'input')) } }
}

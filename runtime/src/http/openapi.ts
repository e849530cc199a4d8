// The API document, made from the same routes as the server.

import { Problem } from '@biplane/protocol'
import * as z from 'zod'

import type { Route } from './route.ts'

type Json = { [name: string]: unknown }

export function openApiOf(routes: readonly Route[]): Json {
  const paths: { [path: string]: Json } = {}
  for (const declared of routes) {
    const path = declared.url.replace(/:(\w+)/g, '{$1}').replace('/*', '/{key}')
    paths[path] = { ...paths[path], [declared.method.toString().toLowerCase()]: operationOf(declared, path) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Biplane Runtime Plane',
      version: '0.1.0',
      description: 'The execution authority. Submit intents, follow events; delivery is elsewhere.',
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

function operationOf(declared: Route, path: string): Json {
  const { summary, body, bytes, answer, access } = declared
  const content = answer.schema && { 'application/json': { schema: schemaOf(answer.schema, 'output') } }
  return {
    summary,
    operationId: `${declared.method.toString().toLowerCase()}${path.replace(/[^a-z]+/g, '_')}`.replace(/_$/, ''),
    ...(access === 'anyone' ? {} : { security: [{}, { token: [access.scope] }] }),
    parameters: [...parametersOf('path', declared.params, true), ...parametersOf('query', declared.query, false)],
    ...(body ? { requestBody: { content: { 'application/json': { schema: schemaOf(body, 'input') } } } } : {}),
    ...(bytes ? { requestBody: { required: true, content: { '*/*': { schema: {} } } } } : {}),
    responses: {
      [answer.status]: { description: answer.description ?? summary, ...(content ? { content } : {}) },
      default: {
        description: 'A problem document (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined, all: boolean): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Json; required?: string[] }
  return Object.entries(properties).map(([name, property]) => ({
    name: name === '*' ? 'key' : name,
    in: place,
    required: all || required.includes(name),
    schema: property,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return rest
}

// A relayed call of the runtime's wire in the API document.

import { EndedIntent, Event, type ProblemCode, TenantId } from '@biplane/protocol'
import * as z from 'zod'

import { type JsonSchema, propertiesOf } from '../../kit/capability.ts'
import { WIRE, type WireCall } from '../wire-calls.ts'
import { methodsOf } from '../wire.ts'
import { BINARY } from './capability-body.ts'
import type { Components, Json } from './components.ts'
import { EXAMPLE_IDS, EXAMPLE_TENANT, exampleOf } from './example.ts'
import { answerHeaders, parametersOf } from './headers.ts'
import { REFUSALS, refusals } from './refusals.ts'

const { ANY, ASKED, CHANGING, JSON_BODY, KEYED } = REFUSALS

export const wirePaths = (components: Components): [path: string, item: Json][] =>
  Object.entries(WIRE).map(([pattern, call]) => [templateOf(pattern), wirePath(components, pattern, call)])

const templateOf = (pattern: string): string => `/v1${pattern.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{key}')}`

function wirePath(components: Components, pattern: string, call: WireCall): Json {
  const id = `wire.${[...pattern.matchAll(/\w+/g)].join('.')}${pattern.endsWith('*') ? '.key' : ''}`
  const operation = {
    operationId: id,
    tags: [tagOf(pattern)],
    summary: call.summary,
    parameters: parametersOfCall(components, id, templateOf(pattern), call),
    ...requestBody(components, id, call),
    responses: {
      ...answers(components, id, pattern, call),
      ...refusals(components, codesOf(call), pattern === '/query'),
    },
    ...(call.kind === 'public' ? { security: [{}] } : {}),
  }
  return { [methodsOf(call).includes('GET') ? 'get' : 'post']: operation }
}

export const tagOf = (pattern: string): string => /\w+/.exec(pattern)?.[0] ?? ''

function codesOf({ kind, refuses = [] }: WireCall): ProblemCode[] {
  if (kind === 'public') return [...ANY, 'runtime_unavailable']
  const asked = [...ANY, ...ASKED, ...refuses]
  if (kind === 'read' || kind === 'live') return asked
  if (kind === 'bytes') return [...asked, ...CHANGING]
  return [...asked, ...CHANGING, ...JSON_BODY, ...(kind === 'keyed' ? KEYED : [])]
}

function parametersOfCall(components: Components, id: string, template: string, call: WireCall): Json[] {
  const { kind, query, takes, waits } = call
  const inPath = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  const asked = query === undefined ? {} : propertiesOf(components.of(`${id}.query`, query, 'input'))
  const isNamed = kind !== 'public' && takes === undefined && !inPath.includes('tenant_id')
  const tenant = isNamed ? { tenant_id: components.of('tenant_id', TenantId, 'input') } : {}
  return [
    ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' }, ...exampleFor(name) })),
    ...Object.entries<JsonSchema>({ ...asked, ...tenant }).map(([name, schema]) => ({
      name,
      in: 'query',
      schema,
      ...(name === 'tenant_id' ? exampleFor(name) : {}),
    })),
    ...(kind === 'keyed' ? parametersOf(components, 'IdempotencyKey') : []),
    ...(waits ? parametersOf(components, 'Prefer', 'Traceparent') : []),
  ]
}

const EXAMPLES: Record<string, string> = { ...EXAMPLE_IDS, tenant_id: EXAMPLE_TENANT, key: 'example' }
const exampleFor = (name: string): Json => (name in EXAMPLES ? { example: EXAMPLES[name] } : {})

function requestBody(components: Components, id: string, { kind, takes }: WireCall): Json {
  if (kind === 'bytes') {
    return { requestBody: { required: true, content: { 'application/octet-stream': { schema: BINARY } } } }
  }
  if (takes === undefined) return {}
  const schema = components.of(`${id}.body`, takes, 'input')
  const made = exampleOf(z.toJSONSchema(takes, { io: 'input' }) as JsonSchema)
  const example = typeof made === 'object' ? { example: { ...made, tenant_id: EXAMPLE_TENANT } } : {}
  return { requestBody: { required: true, content: { 'application/json': { schema, ...example } } } }
}

const SAID = { 200: 'What was asked for.', 201: 'It is there, and durable.', 202: 'In the log, and durable.' }

function answers(components: Components, id: string, pattern: string, call: WireCall): Json {
  if (call.kind === 'live') return eventAnswers(components)
  if (pattern === '/artifact/:artifact_id') return bytesAnswers(components)
  const { status = 200, gives, waits } = call
  const answer = (schema: Json, description: string) => ({
    description,
    headers: answerHeaders(components, ...ownHeaders(pattern, call)),
    content: { 'application/json': { schema } },
  })
  const given = {
    [status]: answer(gives === undefined ? {} : components.of(`${id}.answer`, gives, 'output'), SAID[status]),
  }
  if (!waits) return given
  return {
    200: answer(components.of('EndedIntent', EndedIntent, 'output'), 'The outcome, if it came in time.'),
    ...given,
  }
}

function ownHeaders(pattern: string, { query, waits }: WireCall): string[] {
  if (waits) return ['Location', 'Link', 'Preference-Applied']
  if (pattern === '/capabilities') return ['ETag']
  return query === undefined ? [] : ['Link']
}

function eventAnswers(components: Components): Json {
  const place = ['Stream-Next-Offset', 'Stream-Up-To-Date', 'Stream-Closed', 'Stream-Cursor']
  const headers = answerHeaders(components, ...place)
  const events = { type: 'array', items: components.of('Event', Event, 'output'), maxItems: 1_000 }
  return {
    200: {
      description: 'Events, in order. With `live=sse` the answer goes on with what comes.',
      headers: answerHeaders(components, ...place, 'ETag'),
      content: { 'application/json': { schema: events }, 'text/event-stream': { schema: { type: 'string' } } },
    },
    204: { description: 'With `live=long-poll`: nothing new came.', headers },
    304: { description: 'The same that `If-None-Match` names.', headers: answerHeaders(components, ...place, 'ETag') },
  }
}

function bytesAnswers(components: Components): Json {
  const content = { '*/*': { schema: BINARY } }
  return {
    200: { description: 'The bytes.', headers: answerHeaders(components, 'ETag'), content },
    206: { description: 'The range that was asked for.', headers: answerHeaders(components), content },
  }
}

// What can be sent, read from what both planes say of themselves: their API documents, and the list of MCP tools.

import type { House } from '../authority/house.ts'
import type { Schema } from './from-schema.ts'

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  schema?: Schema
}

export interface Operation {
  door: 'runtime' | 'gateway'
  method: string
  path: string
  parameters: Parameter[]
  /** Schemas by media type. */
  bodies: [media: string, schema: Schema][]
}

export interface Spoken {
  door: 'runtime' | 'gateway'
  address: string
  schemas: Schema[]
}

export interface Tool {
  name: string
  inputSchema: Schema
}

export interface Documents {
  operations: Operation[]
  sockets: Spoken[]
  tools: Tool[]
  /** What `$ref` leads into, by what they are of. */
  roots: Record<'runtime' | 'gateway' | 'runtime-socket' | 'gateway-socket', unknown>
}

type Item = Record<string, unknown>
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete']

export async function readDocuments(house: House, authorization: Record<string, string>): Promise<Documents> {
  const { runtime, gateway } = house
  const get = async (url: string) => (await (await fetch(url)).json()) as Item
  const roots = {
    runtime: await get(`${runtime.url}/openapi.json`),
    gateway: await get(`${gateway.url}/openapi.json`),
    'runtime-socket': await get(`${runtime.url}/asyncapi.json`),
    'gateway-socket': await get(`${gateway.url}/asyncapi.json`),
  }
  const log = spokenIn('runtime', '/api/events', roots['runtime-socket'])
  return {
    operations: [...operationsIn('runtime', roots.runtime), ...operationsIn('gateway', roots.gateway)],
    sockets: [
      log,
      { ...log, door: 'gateway', address: '/v1/events' },
      spokenIn('gateway', '/v1/socket', roots['gateway-socket']),
    ],
    tools: await readTools(gateway.url, authorization),
    roots,
  }
}

function operationsIn(door: Operation['door'], document: Item): Operation[] {
  return Object.entries(document['paths'] as Record<string, Item>).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, described]) => operationOf(door, method, path, document, [item, described as Item])),
  )
}

function operationOf(door: Operation['door'], method: string, path: string, document: Item, parts: Item[]): Operation {
  const parameters = parts.flatMap(({ parameters = [] }) => parameters as ({ $ref?: string } & Parameter)[])
  const named = (document['components'] as { parameters?: Record<string, Parameter> } | undefined)?.parameters ?? {}
  const body = parts.at(-1)?.['requestBody'] as { content?: Record<string, { schema?: Schema }> } | undefined
  return {
    door,
    method: method.toUpperCase(),
    path,
    parameters: parameters.flatMap((one) =>
      one.$ref === undefined ? one : (named[one.$ref.split('/').at(-1) ?? ''] ?? []),
    ),
    bodies: Object.entries(body?.content ?? {}).map(([media, { schema = {} }]) => [media, schema]),
  }
}

/** What a client says: what the server receives. */
function spokenIn(door: Spoken['door'], address: string, document: Item): Spoken {
  const operations = Object.values(
    document['operations'] as Record<string, { action: string; messages?: { $ref: string }[] }>,
  )
  const { messages, schemas } = document['components'] as {
    messages: Record<string, { payload: Schema }>
    schemas: Record<string, Schema>
  }
  const names = operations
    .filter(({ action }) => action === 'receive')
    .flatMap(({ messages = [] }) => messages.map(({ $ref }) => $ref.split('/').at(-1) ?? ''))
  const bodies = names.flatMap((name) => messages[name]?.payload ?? schemas[name] ?? [])
  return {
    door,
    address,
    schemas: bodies.filter(({ $ref, properties }) => $ref !== undefined || properties !== undefined),
  }
}

async function readTools(url: string, authorization: Record<string, string>): Promise<Tool[]> {
  const headers = {
    ...authorization,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
  const text = await (await fetch(`${url}/mcp`, { method: 'POST', headers, body })).text()
  return (JSON.parse(/\{.*\}/s.exec(text)?.[0] ?? '') as { result: { tools: Tool[] } }).result.tools
}

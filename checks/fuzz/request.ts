// The request of a number: the same for the same seed, but for ids that the runtime has minted.

import { Chance } from './chance.ts'
import type { Documents, Operation, Spoken } from './documents.ts'
import { type Known, Maker, type Schema } from './from-schema.ts'
import { type Mutated, flipped, mutate, unchanged } from './mutate.ts'
import { type Json, hugeText, oddText } from './odd.ts'

export interface HttpRequest {
  kind: 'http' | 'mcp' | 'raw'
  how: string
  door: 'runtime' | 'gateway'
  method: string
  path: string
  headers: [name: string, value: string][]
  body: Buffer
  /** By which bytes of what goes out are changed, if it is raw. */
  salt: number
}

export interface SocketRequest {
  kind: 'socket' | 'frames'
  how: string
  door: 'runtime' | 'gateway'
  address: string
  message: Buffer
  binary: boolean
}

export type FuzzRequest = HttpRequest | SocketRequest

const SALTS = 2 ** 31
/** Sessions that may be closed: with the others there would soon be none that takes an intent. */
export const TO_CLOSE = 'session to close'
const MEDIA = [
  'text/plain',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'application/offset+octet-stream',
  'x',
  '',
]
const HEADERS = [
  'idempotency-key',
  'traceparent',
  'range',
  'last-event-id',
  'if-none-match',
  'prefer',
  'upload-offset',
  'upload-length',
  'upload-metadata',
  'tus-resumable',
  'accept',
  'mcp-protocol-version',
  'mcp-session-id',
  'mcp-method',
  'origin',
  'cookie',
  'authorization',
  'x-api-key',
  'content-length',
  'transfer-encoding',
  'expect',
  'content-encoding',
]
const VALUES = [
  '',
  '0',
  '-1',
  'wait=0',
  'wait=99999999999',
  'bytes=0-',
  'bytes=9-2',
  'bytes=-0',
  'bytes=99999999999999999999-',
  '1.0.0',
  '99999999999999999999',
  '1e3',
  'filename !!!!',
  'null',
  '*/*',
  'Bearer ',
  'Bearer a.b.c',
  'chunked',
  '00-',
  '"',
  'é',
  '2026-07-28',
  '1999-01-01',
]
const OFFSETS = ['-1', 'now', '0', '00000000', '9'.repeat(16), '-2', 'NaN', '1.5', '١', '0000000000000001', '%']
const MCP_METHODS = [
  'tools/list',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'initialize',
  'ping',
  'server/discover',
  'notifications/cancelled',
  'nothing',
  '',
]
const MCP_HEADERS: HttpRequest['headers'] = [
  ['content-type', 'application/json'],
  ['accept', 'application/json, text/event-stream'],
]
const TUS: HttpRequest['headers'] = [['tus-resumable', '1.0.0']]

export class Requests {
  readonly #documents: Documents
  readonly #known: Known
  readonly #seed: number
  readonly #makers: Record<keyof Documents['roots'], Maker>

  constructor(documents: Documents, known: Known, seed: number) {
    this.#documents = documents
    this.#known = known
    this.#seed = seed
    const maker = (root: keyof Documents['roots']) => new Maker(documents.roots[root], known)
    this.#makers = {
      runtime: maker('runtime'),
      gateway: maker('gateway'),
      'runtime-socket': maker('runtime-socket'),
      'gateway-socket': maker('gateway-socket'),
    }
  }

  at(number: number): FuzzRequest {
    const chance = new Chance(this.#seed, number)
    const kind = chance.share()
    if (kind < 0.55) return this.#http(chance)
    if (kind < 0.62) return this.#raw(chance)
    if (kind < 0.8) return this.#mcp(chance)
    return this.#socket(chance, kind < 0.97 ? 'socket' : 'frames')
  }

  #http(chance: Chance): HttpRequest {
    const operation = chance.pick(this.#documents.operations)
    const { door, method } = operation
    const oddPath = chance.happens(0.2)
    const path = this.#path(chance, operation, oddPath)
    const { media, body } = this.#body(chance, operation)
    const headers: HttpRequest['headers'] = media === null ? [] : [['content-type', media]]
    if (path.includes('/uploads')) headers.push(...TUS)
    for (const { name, in: where, schema = {}, required } of operation.parameters) {
      if (where !== 'header' || !(required === true || chance.happens(0.1))) continue
      headers.push([name.toLowerCase(), String(this.#makers[door].make(chance, schema, name.toLowerCase()))])
    }
    const oddHeader = chance.happens(0.2)
    if (oddHeader) headers.push([chance.pick(HEADERS), chance.happens(0.05) ? 'h'.repeat(20_000) : chance.pick(VALUES)])
    const how = [oddPath ? 'path' : '', oddHeader ? 'header' : '', body.how].filter((one) => one !== '').join('+')
    const odd = chance.happens(0.03)
    return {
      kind: 'http',
      how,
      door,
      method: odd ? chance.pick(['OPTIONS', 'PUT', 'TRACE', 'HEAD']) : method,
      path,
      headers,
      body: body.bytes,
      salt: 0,
    }
  }

  #path(chance: Chance, { door, path, parameters }: Operation, odd: boolean): string {
    const value = (name: string, schema: Schema): string => {
      if (path.endsWith('/close') && name === 'session_id') return chance.pick(this.#known[TO_CLOSE] ?? [])
      if (odd && chance.happens(0.5)) return chance.happens(0.05) ? hugeText(chance).slice(0, 6_000) : oddText(chance)
      if (name === 'offset') return chance.pick(OFFSETS)
      const made = this.#makers[door].make(chance, schema, name)
      return typeof made === 'object' ? JSON.stringify(made) : String(made)
    }
    const schemaOf = (name: string) => parameters.find((one) => one.name === name)?.schema ?? { type: 'string' }
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(value(name, schemaOf(name))))
    const query = parameters
      .filter(({ in: where, required }) => where === 'query' && (required === true || chance.happens(0.4)))
      .map(({ name, schema = {} }) => `${encoded(name)}=${encoded(value(name, schema))}`)
    if (odd && chance.happens(0.5)) query.push(`${encoded(oddText(chance))}=${encoded(oddText(chance))}`)
    return query.length === 0 ? filled : `${filled}?${query.join('&')}`
  }

  #body(chance: Chance, { door, bodies }: Operation): { media: string | null; body: Mutated } {
    if (bodies.length === 0) return { media: null, body: { how: 'fits', bytes: Buffer.alloc(0) } }
    const [media, schema] = chance.pick(bodies)
    const isJson = media.includes('json')
    const value = this.#makers[door].make(chance, schema)
    const body = chance.happens(0.3) ? unchanged(value) : mutate(chance, value)
    if (chance.happens(0.05)) return { media: chance.pick(MEDIA), body: { ...body, how: 'media_type' } }
    if (isJson) return { media, body }
    return media.startsWith('multipart/')
      ? { media: `${media}; boundary=b`, body: formOf(chance, value) }
      : { media, body }
  }

  /** As it stands on the wire, with bytes of it changed. */
  #raw(chance: Chance): HttpRequest {
    const salt = chance.below(SALTS)
    const made = this.#http(chance)
    return { ...made, kind: 'raw', how: chance.pick(['flipped', 'truncated', 'as it is']), salt }
  }

  #mcp(chance: Chance): HttpRequest {
    const isCall = chance.happens(0.8)
    const tool = chance.pick(this.#documents.tools)
    const call = { name: tool.name, arguments: this.#makers.gateway.make(chance, tool.inputSchema) }
    const method = isCall ? 'tools/call' : chance.pick(MCP_METHODS)
    const uri = `biplane://${chance.pick(['artifact', 'execution', 'nothing', ''])}/${chance.pick([...(this.#known['artifact_id'] ?? []), ...(this.#known['execution_id'] ?? []), '..'])}`
    const params: Json = isCall
      ? { ...call, _meta: { progressToken: chance.below(9) } }
      : method.startsWith('res')
        ? { uri }
        : {}
    const value: Json = { jsonrpc: '2.0', id: chance.below(1_000), method, params }
    const { how, bytes } = chance.happens(0.3) ? unchanged(value) : mutate(chance, value)
    const headers = chance.happens(0.1)
      ? [...MCP_HEADERS, [chance.pick(HEADERS), chance.pick(VALUES)] as [string, string]]
      : MCP_HEADERS
    return { kind: 'mcp', how, door: 'gateway', method: 'POST', path: '/mcp', headers, body: bytes, salt: 0 }
  }

  #socket(chance: Chance, kind: SocketRequest['kind']): SocketRequest {
    const spoken: Spoken = chance.pick(this.#documents.sockets)
    const { door, address, schemas } = spoken
    const root = address === '/v1/socket' ? 'gateway-socket' : 'runtime-socket'
    const made = this.#makers[root].make(chance, chance.pick(schemas)) as { [name: string]: Json }
    const value =
      made['type'] === 'close_session' ? { ...made, session_id: chance.pick(this.#known[TO_CLOSE] ?? []) } : made
    const { how, bytes } = chance.happens(0.3) ? unchanged(value) : mutate(chance, value)
    const isFrames = kind === 'frames'
    return {
      kind,
      how: isFrames ? 'flipped' : how,
      door,
      address,
      binary: chance.happens(0.1),
      message: isFrames ? flipped(chance, bytes) : bytes,
    }
  }
}

/** Lone surrogates have no UTF-8: they go as what stands for them. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())

function formOf(chance: Chance, value: Json): Mutated {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const parts = fields.map(([name, field]) => {
    const file = chance.happens(0.3) ? `; filename="${chance.pick(['a.csv', '', '../a', 'ü.csv'])}"` : ''
    const text = typeof field === 'string' ? field : JSON.stringify(field)
    return `--b\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${text}\r\n`
  })
  const bytes = Buffer.from(`${parts.join('')}--b--\r\n`)
  if (chance.happens(0.4)) return { how: 'fits', bytes }
  return chance.happens(0.5)
    ? { how: 'flipped', bytes: flipped(chance, bytes) }
    : { how: 'truncated', bytes: bytes.subarray(0, chance.below(bytes.length)) }
}

// An agent's host for tests: the official client, and what its calls are answered in short.

import assert from 'node:assert/strict'

import { Client, type ClientOptions, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'

export interface Answer {
  isError: boolean
  /** The answer's one object: its structured content, and the same as text. */
  content: ReturnType<JSON['parse']>
  /** The files that it links to. */
  links: string[]
}

export interface Agent extends AsyncDisposable {
  client: Client
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<Answer>
}

type CallOptions = Parameters<Client['callTool']>[1]

/** Speaks the newest protocol that the server does. */
const NEWEST: ClientOptions = { versionNegotiation: { mode: 'auto' } }

export async function connectAgent(transport: Transport, options: ClientOptions = NEWEST): Promise<Agent> {
  const client = new Client({ name: 'agent-of-a-test', version: '1' }, options)
  await client.connect(transport)
  return {
    client,
    async call(name, args = {}, how) {
      const result = await client.callTool({ name, arguments: args }, how)
      const [first, ...others] = result.content
      assert.ok(first?.type === 'text')
      const content = JSON.parse(first.text)
      if (result.structuredContent !== undefined) assert.deepEqual(result.structuredContent, content)
      const links = others.map((block) => (block.type === 'resource_link' ? block.uri : `a ${block.type}`))
      return { isError: result.isError === true, content, links }
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

/** `path`: such as `/mcp?tenant_id=acme`. */
export const httpAgent = (url: string, path: string, options?: ClientOptions, headers: Record<string, string> = {}) =>
  connectAgent(new StreamableHTTPClientTransport(new URL(path, url), { requestInit: { headers } }), options)

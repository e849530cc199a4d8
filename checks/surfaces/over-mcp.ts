// The tools of an agent, called by the official client over streamable HTTP.

import { setTimeout as pause } from 'node:timers/promises'

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

import {
  type Accepted,
  type Batch,
  type Fields,
  type Intent,
  type Surface,
  TENANT,
  completed,
  handOver,
} from './surface.ts'

const POLL_MS = 50
const PAGE = 200
const GOING_ON = ['accepted', 'running']

export interface McpSurface extends Surface {
  client: Client
}

export async function overMcp(url: string): Promise<McpSurface> {
  const client = new Client({ name: 'agent-of-a-test', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StreamableHTTPClientTransport(new URL(`/mcp?tenant_id=${TENANT}`, url)))

  async function call(tool: string, args: Fields): Promise<Fields> {
    const { isError, structuredContent, content } = await client.callTool({ name: tool, arguments: args })
    if (isError) throw new Error(`${tool}: ${JSON.stringify(content)}`)
    return structuredContent as Fields
  }
  const act = async ({ type, payload, ...session }: Intent, how: Fields) =>
    call(toolOf(type), { ...(await handOver(payload, inline)), ...session, ...how })

  return {
    name: 'MCP',
    client,
    submit: async (intent) => (await act(intent, { wait_s: 0 })) as unknown as Accepted,
    async complete(intent) {
      let outcome = await act(intent, {})
      const { execution_id } = outcome
      // What takes longer answers with a handle.
      while (GOING_ON.includes(String(outcome['status']))) outcome = await call('execution_result', { execution_id })
      return completed(outcome)
    },
    async *read(session_id, offset, left) {
      while (!left.aborted) {
        const page = await call('events_read', { session_id, offset, limit: PAGE })
        offset = String(page['next_offset'])
        yield { events: page['events'] as Batch['events'], offset }
        if (page['up_to_date'] === true) await pause(POLL_MS)
      }
    },
    approve: (execution_id, name, reason) => call('execution_approve', { execution_id, name, approved: true, reason }),
    ask: (type, payload) => call(toolOf(type), payload),
  }
}

/** `data_mash.create` is the tool `data_mash_create` (docs/mcp.md). */
const toolOf = (type: string): string => type.replaceAll('.', '_')

const inline = async (file: File) => ({ text: await file.text(), name: file.name, media_type: file.type })

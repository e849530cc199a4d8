// The server of the Model Context Protocol for one connection, or one request: its tools and resources are read from the catalogue
// and the runtime when they are asked for, so there is nothing to keep up to date.

import {
  type CallToolResult,
  type ListToolsResult,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'

import { problemOf } from '../kit/problem.ts'
import { callTool } from './call-tool.ts'
import { RESOURCE_TEMPLATES, listResources, readResource } from './resources.ts'
import type { Door, Station } from './station.ts'
import { listed } from './tools.ts'

const INFO = { name: 'biplane', title: 'Biplane', version: '1' }
const INSTRUCTIONS = `A tool that does something answers when that has ended, or after wait_s seconds with an execution_id: the work goes on, and execution_result waits for its end. Work that belongs together shares a session: pass the session_id of an earlier answer. If an answer has status "waiting" and names an approval, ask whoever may decide before you call execution_approve. A lost answer is asked for again with its intent_id; nothing runs twice.`

/** `tellsChanges`: whether the connection stays, so that a change of the list of tools can be told. */
export function createMcpServer(station: Station, door: Door, tellsChanges: boolean): McpServer {
  const mcp = new McpServer(INFO, {
    capabilities: { tools: { listChanged: tellsChanges }, resources: { listChanged: false } },
    instructions: INSTRUCTIONS,
  })
  const { server } = mcp
  const orProtocolError = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw protocolErrorOf(error, door)
    })
  const client = async () => (await door.wayFor(undefined)).client

  server.setRequestHandler('tools/list', () =>
    orProtocolError(async (): Promise<ListToolsResult> => ({ tools: listed(station.tools(), door) })),
  )
  server.setRequestHandler('tools/call', ({ params }, context): Promise<CallToolResult> =>
    callTool(station, door, params, context),
  )
  server.setRequestHandler('resources/list', () =>
    orProtocolError(async () =>
      door.tenantArgument === 'required' ? { resources: [] } : listResources(await client()),
    ),
  )
  server.setRequestHandler('resources/templates/list', () => RESOURCE_TEMPLATES)
  server.setRequestHandler('resources/read', ({ params }) =>
    orProtocolError(async () => readResource(await client(), params.uri, station.limits)),
  )
  return mcp
}

/** Where there is no answer that could say what is wrong. */
function protocolErrorOf(error: unknown, { trace }: Door): ProtocolError {
  if (error instanceof ProtocolError) return error
  const { code, status, detail, advice, errors } = problemOf(error, trace.requestId, trace.log)
  const kind = status < 500 ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError
  return new ProtocolError(kind, `${detail} ${advice}`, { code, detail, advice, errors })
}

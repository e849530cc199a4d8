// Our server with the conformance suite's reference tools beside its own. What is ours answers as ever.

import {
  type GetPromptResult,
  type InputRequiredResult,
  type McpServer,
  acceptedContent,
  inputRequired,
} from '@modelcontextprotocol/server'

import { callTool } from '../call-tool.ts'
import { createMcpServer } from '../mcp-server.ts'
import type { Door, Station } from '../station.ts'
import { listed } from '../tools.ts'
import { REFERENCE_PROMPTS, referencePrompt, referenceResource, text } from './reference-content.ts'
import { REFERENCE_TOOLS } from './reference-tools.ts'
import { readResource } from '../resources.ts'

/** The suite has a tool that changes the tools; here it says that they have changed. */
const CHANGES_TOOLS = 'test_trigger_tool_change'

/** `change`: what is told when the list of tools changes. */
export const referenceServers =
  (change: () => void) =>
  (station: Station, door: Door, tellsChanges: boolean): McpServer => {
    const mcp = createMcpServer(station, door, tellsChanges)
    const { server } = mcp
    server.registerCapabilities({ prompts: {}, completions: {} })
    const references = [CHANGES_TOOLS, ...REFERENCE_TOOLS.keys()].map((name) => ({
      name,
      description: `${name} of the conformance suite`,
      inputSchema: { type: 'object' as const },
    }))
    server.setRequestHandler('tools/list', () => ({ tools: [...listed(station.tools(), door), ...references] }))
    server.setRequestHandler('tools/call', ({ params }, context) => {
      if (params.name !== CHANGES_TOOLS) {
        return REFERENCE_TOOLS.get(params.name)?.(context) ?? callTool(station, door, params, context)
      }
      change()
      return { content: [text('The tools have changed.')] }
    })
    server.setRequestHandler(
      'resources/read',
      async ({ params: { uri } }) =>
        referenceResource(uri) ?? readResource((await door.wayFor(undefined)).client, uri, station.limits),
    )
    server.setRequestHandler('prompts/list', () => ({ prompts: REFERENCE_PROMPTS }))
    server.setRequestHandler('prompts/get', ({ params }, { mcpReq }): GetPromptResult | InputRequiredResult => {
      const isAsked = params.name === 'test_input_required_result_prompt'
      if (!isAsked || acceptedContent(mcpReq.inputResponses, 'user_context') !== undefined) {
        return referencePrompt(params.name, params.arguments ?? {})
      }
      const requestedSchema = { type: 'object' as const, properties: { context: { type: 'string' as const } } }
      const user_context = inputRequired.elicit({ message: 'What context should the prompt use?', requestedSchema })
      return inputRequired({ inputRequests: { user_context } })
    })
    server.setRequestHandler('completion/complete', () => ({ completion: { values: [], total: 0, hasMore: false } }))
    return mcp
  }

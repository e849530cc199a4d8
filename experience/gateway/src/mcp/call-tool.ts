// A call of a tool: found by its name, counted, made in its caller's name, and answered whatever comes of it.

import { ProtocolError, ProtocolErrorCode, SdkError } from '@modelcontextprotocol/server'
import type { CallToolRequest, CallToolResult, ServerContext } from '@modelcontextprotocol/server'

import { progressTo } from './progress.ts'
import type { Door, Station, Tools } from './station.ts'
import type { Tool } from './tool.ts'
import { failureAnswer } from './tool-failure.ts'

const CANCELLED = 'The agent cancelled the call.'
const REASON_CHARS_MAX = 500

/** @throws ProtocolError for a tool that there is not */
export async function callTool(
  station: Station,
  door: Door,
  { name, arguments: given = {} }: CallToolRequest['params'],
  context: ServerContext,
): Promise<CallToolResult> {
  const { signal: gone } = context.mcpReq
  try {
    const tool = find(station.tools(), name)
    const { tenant_id, ...args } = given
    const { tenantId, client, newSession } = await door.wayFor(tenant_id)
    const report = progressTo(context, station.limits.progressMax)
    const cancelReason = () => cancelReasonOf(gone)
    const call = { station, trace: door.trace, client, newSession, gone, cancelReason, report }
    return await station.slots.hold(tenantId, () => tool.call(args, call))
  } catch (error) {
    gone.throwIfAborted()
    if (error instanceof ProtocolError) throw error
    return failureAnswer(error, door.trace)
  }
}

function find(tools: Tools, name: string): Tool {
  const tool = tools.get(name)
  if (tool !== undefined) return tool
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool "${name}". See tools/list.`)
}

/** A lost connection aborts with an error of the SDK's, a message of the client with what it says. */
function cancelReasonOf({ aborted, reason }: AbortSignal): string | null {
  if (!aborted || reason instanceof SdkError) return null
  return typeof reason === 'string' && reason !== '' ? reason.slice(0, REASON_CHARS_MAX) : CANCELLED
}

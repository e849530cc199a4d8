// A tool: what is listed of it, and what a call of it does.

import type { CallToolResult, Tool as ListedTool } from '@modelcontextprotocol/server'

import type { Fields } from '../kit/body.ts'
import type { JsonSchema } from '../kit/capability.ts'
import type { Call } from './call.ts'

export interface Tool {
  listed: ListedTool
  /** @throws ProblemError, BiplaneError: the caller is told as an answer */
  call(args: Fields, call: Call): Promise<CallToolResult>
}

/** Our schemas are of objects, which is all that the list asks of them. */
export const objectSchema = (schema: JsonSchema): ListedTool['inputSchema'] =>
  schema as unknown as ListedTool['inputSchema']

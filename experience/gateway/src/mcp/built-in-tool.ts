// A tool of our own, made from its schemas.

import { parsedOr } from '@biplane/protocol'
import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/server'
import * as z from 'zod'

import type { JsonSchema } from '../kit/capability.ts'
import { schemaOf } from './json-schema.ts'
import type { Call } from './call.ts'
import { type Tool, objectSchema } from './tool.ts'

interface BuiltIn<S extends z.ZodObject> {
  name: string
  title: string
  description: string
  takes: S
  gives: z.ZodType | JsonSchema
  annotations: ToolAnnotations
  run(args: z.output<S>, call: Call): Promise<CallToolResult>
}

export function builtIn<S extends z.ZodObject>(tool: BuiltIn<S>): Tool {
  const { name, title, description, takes, gives, annotations, run } = tool
  const outputSchema = gives instanceof z.ZodType ? schemaOf(gives, 'output') : gives
  return {
    listed: {
      name,
      title,
      description,
      inputSchema: objectSchema(schemaOf(takes, 'input')),
      outputSchema: objectSchema(outputSchema),
      annotations: { title, openWorldHint: false, ...annotations },
    },
    call: async (args, call) => run(parsedOr(takes, args, 'payload_invalid', 'arguments'), call),
  }
}

// A capability as a tool, made from the catalogue alone.

import type { Capability } from '@biplane/protocol'

import { inputSchemaOf, outputSchemaOf } from './capability-schema.ts'
import { intentCall } from './intent-call.ts'
import type { McpLimits } from './limits.ts'
import { queryCall } from './query-call.ts'
import { type Tool, objectSchema } from './tool.ts'

export function capabilityTool(name: string, capability: Capability, limits: McpLimits): Tool {
  const { kind, title } = capability
  return {
    listed: {
      name,
      title,
      description: descriptionOf(capability),
      inputSchema: objectSchema(inputSchemaOf(capability, limits)),
      outputSchema: objectSchema(outputSchemaOf(capability)),
      // Whether an intent destroys anything, the catalogue does not say; then hosts assume that it may.
      annotations: kind === 'query' ? { title, readOnlyHint: true } : { title, readOnlyHint: false },
    },
    call: kind === 'query' ? queryCall(capability) : intentCall(capability),
  }
}

function descriptionOf({ kind, title, description, undoable }: Capability): string {
  const what = description === undefined ? `${title}.` : description
  if (kind === 'query') return what
  const undo = undoable ? ' If it fails or is cancelled, what it did is taken back.' : ''
  return `${what}${undo} Answers with the result, or with an execution_id if it takes longer than wait_s.`
}

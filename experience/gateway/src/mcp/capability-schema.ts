// What the tool of a capability takes and gives. The envelope's fields and our own stand beside the payload's where they can;
// where the payload is not one plain object, it stands in a field `payload`.

import { ARTIFACT_KEYWORD, type Capability, IntentId, SessionId } from '@biplane/protocol'

import { type JsonSchema, propertiesOf } from '../kit/capability.ts'
import { artifactArgument } from './artifact-argument.ts'
import { embeddedAt, isPlainObject, schemaOf } from './json-schema.ts'
import type { McpLimits } from './limits.ts'
import { outcomeSchema } from './outcome.ts'

const SESSION = {
  ...schemaOf(SessionId, 'input'),
  description: 'The session to work in, as an earlier answer named it. Without one a new session is made.',
}
const INTENT = {
  ...schemaOf(IntentId, 'input'),
  description: 'Only to repeat a call whose answer was lost: the intent_id that was told. It cannot run twice.',
}

const waitField = ({ waitS, waitSMax }: McpLimits): JsonSchema => ({
  type: 'number',
  minimum: 0,
  maximum: waitSMax,
  description: `How many seconds to wait for the end, at most ${waitSMax}; ${waitS} if absent. What takes longer goes on.`,
})

export function inputSchemaOf({ kind, payload_schema, example }: Capability, limits: McpLimits): JsonSchema {
  const envelope: Record<string, JsonSchema> =
    kind === 'query' ? { session_id: SESSION } : { session_id: SESSION, intent_id: INTENT, wait_s: waitField(limits) }
  const examples = example === undefined ? {} : { examples: [example] }
  if (!isPlainObject(payload_schema)) {
    const payload = { ...embeddedAt('#/properties/payload', payload_schema), ...examples }
    return { type: 'object', properties: { ...envelope, payload }, required: ['payload'] }
  }
  const fields = Object.entries(propertiesOf(payload_schema)).map(([name, field]) => [
    name,
    field[ARTIFACT_KEYWORD] === true ? artifactArgument(field, limits.inlineBytesMax) : field,
  ])
  return { ...payload_schema, ...examples, properties: { ...envelope, ...Object.fromEntries(fields) } as JsonSchema }
}

/** Of a query: its answer, in a field `result` if it is not an object. Of an intent: how its execution stands. */
export function outputSchemaOf({ kind, result_schema }: Capability): JsonSchema {
  if (kind === 'intent') return outcomeSchema(result_schema)
  if (isPlainObject(result_schema)) return result_schema
  return {
    type: 'object',
    properties: { result: embeddedAt('#/properties/result', result_schema) },
    required: ['result'],
  }
}

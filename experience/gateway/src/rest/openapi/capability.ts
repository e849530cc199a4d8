// A capability in the API document: the forms in which it can be asked for, and what it answers.

import { AcceptedIntent, type Capability, EndedIntent, FINAL_STATUSES } from '@biplane/protocol'

import { type JsonSchema, artifactFields } from '../../kit/capability.ts'
import { methodsOf } from '../capability.ts'
import { bodyOf, fieldParameters } from './capability-body.ts'
import type { Components, Json } from './components.ts'
import { EXAMPLE_IDS, exampleOf } from './example.ts'
import { answerHeaders, parametersOf } from './headers.ts'
import { REFUSALS, refusals } from './refusals.ts'

const { ANY, ASKED, CHANGING, JSON_BODY, KEYED, SUBMITTED, QUERIED, FORM, FILE } = REFUSALS

export function capabilityPath(components: Components, capability: Capability): Json {
  const { type, realm, title, kind } = capability
  const about = { tags: [realm], summary: title, description: descriptionOf(capability) }
  const post = kind === 'intent' ? intentPost(components, capability) : queryPost(components, capability)
  const path = { post: { operationId: type, ...about, ...post } }
  if (!methodsOf(capability).includes('GET')) return path
  return { ...path, get: { operationId: `${type}.get`, ...about, ...queryGet(components, capability) } }
}

function descriptionOf({ type, kind, description, undoable, realm_version }: Capability): string {
  const what = `The ${kind} \`${type}\`, version ${realm_version} of its realm.`
  const undone = undoable ? 'What it did is taken back if it fails or is cancelled.' : undefined
  return [description, what, undone].filter((one) => one !== undefined).join(' ')
}

function intentPost(components: Components, capability: Capability): Json {
  const files = artifactFields(capability).length > 0 ? FILE : []
  const codes = [...ANY, ...ASKED, ...CHANGING, ...JSON_BODY, ...FORM, ...KEYED, ...SUBMITTED, ...files]
  return {
    ...bodyOf(components, capability, parametersOf(components, 'IdempotencyKey', 'Prefer', 'Traceparent')),
    responses: {
      200: {
        description: 'The outcome, where `Prefer: wait` asked for it and it came in time.',
        headers: answerHeaders(components, 'Location', 'Link', 'Preference-Applied'),
        content: { 'application/json': endedContent(components, capability) },
      },
      202: {
        description: 'In the log, and durable.',
        headers: answerHeaders(components, 'Location', 'Link'),
        content: {
          'application/json': {
            schema: components.of('AcceptedIntent', AcceptedIntent, 'output'),
            example: { ...submitted(), status: 'accepted' },
          },
        },
      },
      ...refusals(components, codes),
    },
  }
}

const submitted = () => {
  const { intent_id, execution_id, session_id } = EXAMPLE_IDS
  return { intent_id, execution_id, session_id }
}

/** What `EndedIntent` says, with the result of this intent in it. */
function endedContent(components: Components, { type, result_schema }: Capability): Json {
  const other = components.of(`${type}.ended`, EndedIntent.omit({ status: true, result: true }), 'output')
  const { properties, required } = other as { properties: Record<string, JsonSchema>; required: string[] }
  const ended = (own: Record<string, JsonSchema>) => ({
    type: 'object',
    properties: { ...properties, ...own },
    required: [...required, 'status', 'result'],
  })
  const nothing = { type: 'null' }
  const result = components.embed(`${type}.result`, result_schema)
  const unlucky = FINAL_STATUSES.filter((status) => status !== 'completed')
  const example = exampleOf(result_schema, { whole: true })
  return {
    schema: {
      oneOf: [
        ended({ status: { const: 'completed' }, result, error: nothing }),
        ended({ status: { type: 'string', enum: unlucky }, result: nothing }),
      ],
    },
    ...(example === undefined
      ? {}
      : { example: { ...submitted(), status: 'completed', compensated: false, result: example, error: null } }),
  }
}

function queryPost(components: Components, capability: Capability): Json {
  const codes = [...ANY, ...ASKED, 'forgery_suspected' as const, ...JSON_BODY, ...FORM, ...QUERIED]
  return {
    ...bodyOf(components, capability, []),
    responses: { 200: answerOf(components, capability), ...refusals(components, codes, true) },
  }
}

function queryGet(components: Components, capability: Capability): Json {
  const codes = [...ANY, ...ASKED, 'malformed_json' as const, 'text_invalid' as const, ...QUERIED]
  return {
    parameters: fieldParameters(components, capability),
    responses: { 200: answerOf(components, capability), ...refusals(components, codes, true) },
  }
}

function answerOf(components: Components, { type, result_schema }: Capability): Json {
  const example = exampleOf(result_schema, { whole: true })
  return {
    description: 'The answer.',
    headers: answerHeaders(components),
    content: {
      'application/json': {
        schema: components.embed(`${type}.result`, result_schema),
        ...(example === undefined ? {} : { example }),
      },
    },
  }
}

// A text message as the request that it is.

import { ProblemError, parseJson, parsedOr } from '@biplane/protocol'
import type * as z from 'zod'

import type { CallMessage } from './call.ts'
import { CALLS } from './calls.ts'
import type { Read } from './dispatch.ts'
import { REQUESTS, type Request, RequestId } from './messages.ts'

const SCHEMAS = new Map<string, z.ZodType>(REQUESTS.map((schema) => [schema.shape.type.value, schema]))

/** @throws ProblemError malformed_json, text_invalid, body_too_deep or body_invalid */
export function readFields(text: string): Record<string, unknown> {
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new ProblemError('body_invalid', 'A message must be a JSON object.')
}

/** The id of a request that may be wrong otherwise. */
export function idIn({ id }: Record<string, unknown>): string | undefined {
  const parsed = RequestId.safeParse(id)
  return parsed.success ? parsed.data : undefined
}

/** @throws ProblemError body_invalid */
export function readRequest(fields: Record<string, unknown>): Read {
  const type = String(fields['type'])
  const call = CALLS.get(type)
  if (call !== undefined) return { call, message: parse(call.takes, fields) as CallMessage }
  const schema = SCHEMAS.get(type)
  if (schema !== undefined) return { call: null, message: parse(schema, fields) as Request }
  throw new ProblemError('body_invalid', `There is no message of the type ${type}; /asyncapi.json has those there are.`)
}

const parse = (schema: z.ZodType, fields: object): unknown => parsedOr(schema, fields, 'body_invalid', 'message')

// JSON Schemas as they stand inside an OpenAPI document.

import { IntentId, SessionId, TenantId } from '@biplane/protocol'
import * as z from 'zod'

import type { JsonSchema } from '../kit/capability.ts'

/** A schema with definitions of its own gets an id, so that its references are looked up in it and not in the document. */
export function embedded(name: string, { $schema: _, ...schema }: JsonSchema): JsonSchema {
  return '$defs' in schema ? { $id: `urn:biplane:schema:${name}`, ...schema } : schema
}

export const schemaOf = (name: string, schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  embedded(name, z.toJSONSchema(schema, { io }) as JsonSchema)

/** The fields that stand beside every payload's own. */
export const ENVELOPE = {
  tenant_id: schemaOf('tenant_id', TenantId, 'input'),
  session_id: schemaOf('session_id', SessionId, 'input'),
  intent_id: schemaOf('intent_id', IntentId, 'input'),
}

export type Json = Record<string, unknown>

export const jsonContent = (schema: Json): Json => ({ 'application/json': { schema } })

export const PROBLEM_ANSWER = { $ref: '#/components/responses/Problem' }

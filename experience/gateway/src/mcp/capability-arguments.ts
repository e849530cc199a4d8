// What a call gives to the tool of a capability, told apart: the envelope's fields, ours, and the payload.

import { type Capability, IntentId, SessionId, parsedOr } from '@biplane/protocol'
import * as z from 'zod'

import type { Fields } from '../kit/body.ts'
import { propertiesOf } from '../kit/capability.ts'
import { isPlainObject } from './json-schema.ts'
import type { McpLimits } from './limits.ts'

export interface Arguments {
  payload: unknown
  sessionId: SessionId | undefined
  intentId: IntentId | undefined
  waitMs: number
}

/** In whole milliseconds, as timers take them, of a field in seconds. */
export const waitIn = ({ waitS, waitSMax }: McpLimits) =>
  z
    .number()
    .min(0)
    .max(waitSMax)
    .default(waitS)
    .transform((seconds) => Math.round(seconds * 1000))

/** A field of the payload's own goes before ours of the same name. @throws ProblemError payload_invalid */
export function readArguments({ payload_schema }: Capability, args: Fields, limits: McpLimits): Arguments {
  const { session_id, intent_id, wait_s, ...others } = args
  const isOwn = Object.hasOwn(propertiesOf(payload_schema), 'wait_s')
  const own = isOwn && wait_s !== undefined ? { ...others, wait_s } : others
  const Envelope = z.object({
    session_id: SessionId.optional(),
    intent_id: IntentId.optional(),
    wait_s: waitIn(limits),
  })
  const envelope = { session_id, intent_id, wait_s: isOwn ? undefined : wait_s }
  const read = parsedOr(Envelope, envelope, 'payload_invalid', 'arguments')
  return {
    payload: isPlainObject(payload_schema) ? own : others['payload'],
    sessionId: read.session_id,
    intentId: read.intent_id,
    waitMs: read.wait_s,
  }
}
